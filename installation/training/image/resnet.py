"""CycleGAN's generator to be trained: Zhu, Park, Isola, Efros 2017 (1703.10593), appendix 7.2, after Johnson et al.
2016 (1603.08155); networks/resnet_generator.py plays it.

    picture (N, 3, S, S) in -1..1, S a multiple of 4  ->  (N, 3, S, S) in -1..1

One row of layers, ``model.N``, as in the files of the paper's repository. Instance norm without gains.
"""

from __future__ import annotations

from torch import Tensor, nn

BLOCKS = 9
DEVIATION = 0.02


class Block(nn.Module):
    def __init__(self, wide: int) -> None:
        super().__init__()
        self.conv_block = nn.Sequential(*_layer(wide, wide, 3), nn.ReLU(), *_layer(wide, wide, 3))

    def forward(self, x: Tensor) -> Tensor:
        made: Tensor = x + self.conv_block(x)
        return made


class TrainedResNet(nn.Module):
    def __init__(self, channels: int = 3, width: int = 64, blocks: int = BLOCKS) -> None:
        super().__init__()
        parts: list[nn.Module] = [*_layer(channels, width, 7), nn.ReLU()]
        for wide in (width, 2 * width):
            parts += [nn.Conv2d(wide, 2 * wide, 3, 2, 1), nn.InstanceNorm2d(2 * wide), nn.ReLU()]
        parts += [Block(4 * width) for _ in range(blocks)]
        for wide in (4 * width, 2 * width):
            up = nn.ConvTranspose2d(wide, wide // 2, 3, 2, 1, output_padding=1)
            parts += [up, nn.InstanceNorm2d(wide // 2), nn.ReLU()]
        self.model = nn.Sequential(*parts, nn.ReflectionPad2d(3), nn.Conv2d(width, 3, 7), nn.Tanh())
        for module in self.modules():
            if isinstance(module, nn.Conv2d | nn.ConvTranspose2d):
                nn.init.normal_(module.weight, std=DEVIATION)
                if module.bias is not None:
                    nn.init.zeros_(module.bias)

    def forward(self, picture: Tensor) -> Tensor:
        made: Tensor = self.model(picture)
        return made


def _layer(wide: int, out: int, side: int) -> list[nn.Module]:
    return [nn.ReflectionPad2d(side // 2), nn.Conv2d(wide, out, side), nn.InstanceNorm2d(out)]
