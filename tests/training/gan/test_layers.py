"""The activation that is written by hand, against autograd's."""

import torch
from torch.nn import functional as F

from installation.training.gan.layers import SLOPE, Activation


def given(dtype=torch.float64) -> list[torch.Tensor]:
    made = torch.Generator().manual_seed(3)
    shapes = [(3, 4, 5, 6), (3, 4), (4,), (), (5, 6)]
    tensors = [torch.randn(shape, generator=made, dtype=torch.float64).to(dtype) for shape in shapes]
    return [*(tensor.requires_grad_() for tensor in tensors[:4]), tensors[4]]


def plain(x, scale, bias, strength, noise):
    return F.leaky_relu(x * scale[:, :, None, None] + bias[None, :, None, None] + strength * noise, SLOPE)


def test_it_is_what_it_says():
    tensors = given()
    assert torch.allclose(Activation.apply(*tensors), plain(*tensors), atol=1e-12)


def test_its_gradients_are_autograds_to_the_second_order():
    tensors = given()
    assert torch.autograd.gradcheck(Activation.apply, tensors)
    assert torch.autograd.gradgradcheck(Activation.apply, tensors)


def test_in_half_precision_it_stays_in_the_memory_order_of_convolutions():
    x, *small = given(torch.float32)
    half = x.detach().bfloat16().contiguous(memory_format=torch.channels_last).requires_grad_()
    made = Activation.apply(half, *small)
    assert made.is_contiguous(memory_format=torch.channels_last)
    made.float().square().sum().backward()
    own = [tensor.grad.clone() for tensor in small[:3]]
    for tensor in small[:3]:
        tensor.grad = None
    plain(x, *small).square().sum().backward()
    assert half.grad.dtype == torch.bfloat16
    assert half.grad.is_contiguous(memory_format=torch.channels_last)
    for mine, tensor in zip(own, small[:3], strict=True):
        assert mine.dtype == torch.float32
        assert float((mine - tensor.grad).norm() / tensor.grad.norm()) < 0.03
