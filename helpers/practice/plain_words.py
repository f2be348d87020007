"""What Python's errors mean, in plain words."""

import re

NONE = (
    "Something is `None`: a function without `return`, or the result of `.append()`, `.add()` or `.sort()`, which "
    "change what is there and give nothing back."
)
PLAIN_WORDS = [  # (kind of exception, what its message says, what that means)
    (
        UnboundLocalError,
        "",
        "A name is used in a line above the one that gives it a value. Look at the order of lines.",
    ),
    (NameError, "", "Python does not know this name. Is it misspelt, or was the cell that makes it not run?"),
    (ImportError, "", "Something cannot be imported under this name. Compare it with the imports near the top."),
    ((AttributeError, TypeError), "NoneType", NONE),
    (AttributeError, "", "This kind of object has nothing of that name. Is it misspelt, or is the object another?"),
    (TypeError, "argument", "A function was called with more, fewer or other arguments than it takes."),
    (TypeError, "not callable", "Something that is not a function is used with round brackets."),
    (
        TypeError,
        "unhashable",
        "A set, or the keys of a dictionary, cannot hold this. Numbers, texts and tuples they can.",
    ),
    (TypeError, "not subscriptable", "Something that is no list, dictionary or dataset is used with square brackets."),
    (TypeError, "not iterable", "A loop, or `a, b = …`, needs several things, and found a single one."),
    (TypeError, "", "Something is of another kind than is needed here. Print its `type`."),
    (
        IndexError,
        "Target",
        "A label is larger than the network has outputs for. With C outputs, labels go from 0 to C − 1.",
    ),
    (IndexError, "", "This index is beyond the end. Print how many there are, with `len` or `shape`."),
    (KeyError, "", "The dictionary has no such key. Print its `keys()`."),
    (
        FileNotFoundError,
        "any class folder",
        "`ImageFolder` wants the folder that holds the class folders.",
    ),
    (FileNotFoundError, "Found no valid file", "A class folder holds no picture that `ImageFolder` would open."),
    (FileNotFoundError, "", "There is no such file or folder. Print the path, and look at each part of it."),
    (IsADirectoryError, "", "A folder was opened as if it were a file."),
    (ZeroDivisionError, "", "Something is divided by 0. Which count is empty?"),
    (RuntimeError, "softmax.*Long", "The loss got the labels where it wants the network's answers. Which come first?"),
    (RuntimeError, "mat1 and mat2", "A linear layer got another number of features than its `in_features`."),
    (
        RuntimeError,
        "equal size",
        "Tensors can be stacked only when all have the same shape. Compare the two in brackets.",
    ),
    (
        RuntimeError,
        "size of tensor|shape|size",
        "Two shapes do not fit. Print the `shape` of each tensor in that line.",
    ),
    (RuntimeError, "second time", "`backward()` ran twice for one answer. Compute the answer and the loss anew first."),
    (
        RuntimeError,
        "does not require grad",
        "No part of this loss can learn: all is frozen, or cut off from the network.",
    ),
    (RuntimeError, "device", "Two tensors lie on different devices. Move both with `.to(device)`."),
    (RuntimeError, "Got: Bool", "True and False have no mean. `.float()` makes them 1.0 and 0.0 first."),
    (RuntimeError, "dtype|scalar type|type", "Two tensors hold different kinds of numbers. Print the `dtype` of each."),
    (
        ValueError,
        "empty parameter list",
        "The optimizer was given no parameters. Is everything frozen, or the list used up?",
    ),
    (ValueError, "more than 1 value", "In training mode, BatchNorm cannot work with a single picture."),
    (ValueError, "unpack", "There are more or fewer values than names to the left of the `=`."),
    (AssertionError, "", "A condition that was stated with `assert` does not hold."),
]


def explain(error: Exception) -> str:
    """What an exception means, in plain words."""
    for kind, pattern, meaning in PLAIN_WORDS:
        if isinstance(error, kind) and re.search(pattern, str(error)):
            return meaning
    return "Read the last line of the whole message: it says what Python could not do."
