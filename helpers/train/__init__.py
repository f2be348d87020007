"""Train from the command line with the bricks of the lessons, as one process or as many.

    python -m helpers.train --data samples --epochs 8
    torchrun --standalone --nproc-per-node=2 -m helpers.train --data samples --epochs 8

`python -m helpers.train --help` tells the rest: all options, several machines, what is written where. To read the
code, begin with train() in loop.py.
"""
