"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

ShowName = Annotated[str, Parameter(help="A path, or a name in show_configs/.")]
Home = Annotated[Path | None, Parameter(help="Folder with your own models/, shaders/, show_configs/, favourites/ ...")]
Json = Annotated[bool, Parameter(name="--json", negative="", show_default=False, help="Print JSON, for programs.")]
Seconds = Annotated[float | None, Parameter(help="Stop after so many seconds.")]
Headless = Annotated[bool, Parameter(negative="", show_default=False, help="Draw without a window.")]
Report = Annotated[Path | None, Parameter(help="Write timings and health as JSON.")]
Verbose = Annotated[bool, Parameter(negative="", show_default=False, help="Log more.")]
