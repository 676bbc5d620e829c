import numpy as np
import pytest

from installation.errors import ModelError
from installation.models.labels import edges, one_hot

LABEL = np.array([[[[0, 2, 2], [1, 1, 2]]]])


def test_every_label_has_its_channel():
    made = one_hot(LABEL, 4)
    assert made.shape == (1, 4, 2, 3)
    assert made.dtype == np.float32
    assert made.argmax(1).tolist() == [[[0, 2, 2], [1, 1, 2]]]
    assert (made.sum(1) == 1).all()
    assert (one_hot(LABEL.astype(np.float32), 4) == made).all()


def test_edges_are_on_both_sides_of_where_instances_meet():
    instance = np.array([[[[5, 5, 5, 9], [5, 5, 5, 9], [7, 5, 5, 9], [5, 5, 5, 9]]]], np.uint16)
    wanted = [[0, 0, 1, 1], [1, 0, 1, 1], [1, 1, 1, 1], [1, 0, 1, 1]]
    assert edges(instance)[0, 0].tolist() == wanted


def test_the_edges_are_the_last_channel():
    instance = np.array([[[[0, 1, 2], [0, 1, 2]]]])
    made = one_hot(LABEL, 4, instance)
    assert (made[:, :3] == one_hot(LABEL, 3)).all()
    assert (made[:, 3] == 1).all()
    assert one_hot(LABEL, 4, np.zeros_like(LABEL))[:, 3].max() == 0


@pytest.mark.parametrize(
    ("label", "channels", "instance", "message"),
    [
        (LABEL, 2, None, r"label 2; this network knows 0\.\.1"),
        (LABEL, 3, LABEL, r"label 2; this network knows 0\.\.1"),
        (LABEL - 1, 3, None, r"label -1"),
        (LABEL[0], 3, None, r"label is \(1, 2, 3\), wanted \(N, 1, height, width\)"),
        (LABEL + 0.5, 3, None, "label must hold whole numbers"),
        (np.full((1, 1, 2, 2), np.nan), 3, None, "label must hold whole numbers"),
        (LABEL, 4, np.zeros((1, 1, 4, 4)), r"instance is \(1, 1, 4, 4\), and label \(1, 1, 2, 3\)"),
    ],
)
def test_what_is_no_map_is_refused(label, channels, instance, message):
    with pytest.raises(ModelError, match=message):
        one_hot(label, channels, instance)
