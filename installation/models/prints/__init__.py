"""Pages to hang up and to work from: favourites as a sheet, and a picture ruled for a wall. Millimetres on paper."""
