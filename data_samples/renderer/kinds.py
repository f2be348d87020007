"""All kinds of things that the shipped network was pretrained on: no ants, bees, wasps or ladybirds."""

from .animals import ANIMALS
from .plants import PLANTS
from .things import THINGS

KINDS = ANIMALS | PLANTS | THINGS  # name -> builder(rng, stand) -> Subject
