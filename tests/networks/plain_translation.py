"""The image-to-image networks as their papers draw them, in plain torch: what our rewritten ones are compared with.

Modules are nested as in the files, so ``state_dict()`` of these has the names a checkpoint has. The U-Net is in
installation/benchmark/plain/, since it is measured too.
"""

import torch
from torch import Tensor, nn

from installation.benchmark.plain.unet import norm_of


def drawn(net: nn.Module, seed: int = 3) -> nn.Module:
    """Weights that keep the picture's contrast through the layers, and statistics that are not 0 and 1."""
    made = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for module in net.modules():
            if isinstance(module, nn.Conv2d | nn.ConvTranspose2d):
                taps = module.kernel_size[0] ** 2 / (4 if isinstance(module, nn.ConvTranspose2d) else 1)
                spread = (1.5 / (module.in_channels * taps)) ** 0.5
                module.weight.copy_(torch.randn(module.weight.shape, generator=made) * spread)
                if module.bias is not None:
                    module.bias.copy_(torch.rand(module.bias.shape, generator=made) - 0.5)
            if isinstance(module, nn.InstanceNorm2d) and module.affine:
                module.weight.copy_(torch.rand(module.weight.shape, generator=made) * 0.5 + 0.5)
                module.bias.copy_(torch.rand(module.bias.shape, generator=made) - 0.5)
            if isinstance(module, nn.BatchNorm2d):
                module.weight.copy_(torch.rand(module.weight.shape, generator=made) * 0.5 + 0.5)
                module.bias.copy_(torch.rand(module.bias.shape, generator=made) - 0.5)
                module.running_mean.copy_(torch.rand(module.bias.shape, generator=made) - 0.5)
                module.running_var.copy_(torch.rand(module.bias.shape, generator=made) + 0.5)
            if isinstance(module, Block) and isinstance(module.conv_block[-1], nn.BatchNorm2d):
                module.conv_block[-1].weight.mul_(0.3)  # on stored statistics nothing else holds a row of blocks down
    return net.eval().requires_grad_(False)


def on_batch_statistics(net: nn.Module) -> nn.Module:
    """What the official test script runs: never told to evaluate. Dropout is left out, being random."""
    for module in net.modules():
        module.train(isinstance(module, nn.BatchNorm2d))
    return net


class Block(nn.Module):
    def __init__(self, wide: int, norm: str, biased: bool, dropout: bool) -> None:
        super().__init__()
        parts = [nn.ReflectionPad2d(1), nn.Conv2d(wide, wide, 3, bias=biased), norm_of(norm, wide), nn.ReLU()]
        parts += [nn.Dropout(0.5)] if dropout else []
        parts += [nn.ReflectionPad2d(1), nn.Conv2d(wide, wide, 3, bias=biased), norm_of(norm, wide)]
        self.conv_block = nn.Sequential(*parts)

    def forward(self, x: Tensor) -> Tensor:
        return x + self.conv_block(x)


def entry(wide: int, ngf: int, downs: int, norm: str, biased: bool) -> list[nn.Module]:
    parts = [nn.ReflectionPad2d(3), nn.Conv2d(wide, ngf, 7, bias=biased), norm_of(norm, ngf), nn.ReLU()]
    for i in range(downs):
        parts += [nn.Conv2d(ngf * 2**i, ngf * 2 ** (i + 1), 3, 2, 1, bias=biased)]
        parts += [norm_of(norm, ngf * 2 ** (i + 1)), nn.ReLU()]
    return parts


def rise(wide: int, norm: str, biased: bool) -> list[nn.Module]:
    return [
        nn.ConvTranspose2d(wide, wide // 2, 3, 2, 1, output_padding=1, bias=biased),
        norm_of(norm, wide // 2),
        nn.ReLU(),
    ]


def leave(ngf: int, out: int) -> list[nn.Module]:
    return [nn.ReflectionPad2d(3), nn.Conv2d(ngf, out, 7), nn.Tanh()]


def body(wide: int, ngf: int, downs: int, blocks: int, norm: str, biased: bool, dropout: bool) -> list[nn.Module]:
    parts = entry(wide, ngf, downs, norm, biased)
    parts += [Block(ngf * 2**downs, norm, biased, dropout) for _ in range(blocks)]
    for i in range(downs, 0, -1):
        parts += rise(ngf * 2**i, norm, biased)
    return parts


class PlainResNet(nn.Module):
    """CycleGAN's (2 downs; a batch norm takes the biases away) and pix2pixHD's global generator (biases always)."""

    def __init__(self, wide: int, out: int, ngf: int, downs: int, blocks: int, norm: str = "instance",
                 biased: bool = True, dropout: bool = False) -> None:  # fmt: skip
        super().__init__()
        self.model = nn.Sequential(*body(wide, ngf, downs, blocks, norm, biased, dropout), *leave(ngf, out))

    def forward(self, x: Tensor) -> Tensor:
        return self.model(x)


class PlainEnhanced(nn.Module):
    """pix2pixHD with local enhancers: every enhancer has half the ``ngf`` of the one below, the last ``ngf``."""

    def __init__(self, wide: int, out: int, ngf: int, downs: int, blocks: int, enhancers: int, local_blocks: int,
                 norm: str = "instance") -> None:  # fmt: skip
        super().__init__()
        self.enhancers = enhancers
        self.model = nn.Sequential(*body(wide, ngf * 2**enhancers, downs, blocks, norm, True, False))
        for n in range(1, enhancers + 1):
            own = ngf * 2 ** (enhancers - n)
            setattr(self, f"model{n}_1", nn.Sequential(*entry(wide, own, 1, norm, True)))
            parts = [Block(own * 2, norm, True, False) for _ in range(local_blocks)] + rise(own * 2, norm, True)
            setattr(self, f"model{n}_2", nn.Sequential(*parts, *(leave(own, out) if n == enhancers else [])))
        self.shrink = nn.AvgPool2d(3, 2, 1, count_include_pad=False)

    def forward(self, x: Tensor) -> Tensor:
        sizes = [x]
        for _ in range(self.enhancers):
            sizes.append(self.shrink(sizes[-1]))
        y = self.model(sizes.pop())
        for n in range(1, self.enhancers + 1):
            y = getattr(self, f"model{n}_2")(getattr(self, f"model{n}_1")(sizes.pop()) + y)
        return y


def checkpoint(net: nn.Module) -> dict[str, Tensor]:
    """As a file has it, without the counters."""
    return {name: tensor.clone() for name, tensor in net.state_dict().items() if not name.endswith("batches_tracked")}


def picture(*shape: int, seed: int = 1) -> Tensor:
    return torch.rand(shape, generator=torch.Generator().manual_seed(seed)) * 2 - 1


def apart(made: Tensor, wanted: Tensor) -> float:
    """The greatest difference, in standard deviations of what is wanted."""
    assert made.shape == wanted.shape
    assert 0.1 < wanted.std() < 0.9  # neither flat nor driven into white and black, where nothing can differ
    return float((made - wanted).abs().max() / wanted.std())
