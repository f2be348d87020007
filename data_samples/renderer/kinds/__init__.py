"""The kinds of things that the shipped network was pretrained on: no ants, bees, wasps or ladybirds.

    animal_model.py   what animals are built with, in
        crawling_insects.py, flying_insects.py, arachnids.py, worms_and_snails.py,
        water_animals.py, birds.py, reptiles_and_amphibians.py, mammals.py
    plant_model.py    what plants and food are built with, in
        flowers.py, woodland.py, fruit.py, food.py
    thing_model.py    what man-made things are built with, in
        containers.py, tools.py, household.py, clothes.py, toys_and_music.py, vehicles.py, buildings.py

A kind is a function builder(rng, stand) -> Subject; KINDS maps its name to it.
"""

from .arachnids import scorpion, spider
from .birds import bird, duck
from .buildings import bridge, house, tower
from .clothes import button, hat, shoe, umbrella
from .containers import barrel, basket, bottle, bowl, bucket, cup, teapot, vase
from .crawling_insects import beetle, cockroach, grasshopper, shieldbug, weevil
from .flowers import bellflower, cactus, daisy, poppy, rose, sunflower, tulip
from .flying_insects import butterfly, dragonfly, housefly, mosquito, moth
from .food import bread, carrot, corn, egg, pumpkin
from .fruit import apple, banana, grapes, lemon, orange, pear, pineapple, strawberry
from .household import book, candle, chair, clock, lamp, light_bulb, table
from .mammals import cat, dog, elephant, horse, mouse
from .reptiles_and_amphibians import frog, lizard, snake, turtle
from .tools import gear, hammer, hex_nut, key, padlock, pencil, scissors, screw, spoon
from .toys_and_music import ball, die, drum, guitar, pawn
from .vehicles import aeroplane, bicycle, boat, bus, car, rocket, train
from .water_animals import crab, fish, starfish
from .woodland import acorn, clover, fern, maple_leaf, mushroom, oak_leaf, pine_cone, toadstool
from .worms_and_snails import caterpillar, earthworm, millipede, snail

ANIMALS = (
    beetle, weevil, spider, scorpion, butterfly, moth, dragonfly, housefly, mosquito, grasshopper,
    cockroach, shieldbug, caterpillar, earthworm, millipede, snail, crab, fish, bird, duck, frog,
    lizard, turtle, snake, mouse, cat, dog, horse, elephant, starfish,
)  # fmt: skip
PLANTS = (
    daisy, tulip, rose, sunflower, poppy, bellflower, mushroom, toadstool, fern, clover, maple_leaf,
    oak_leaf, cactus, pine_cone, acorn, apple, pear, banana, lemon, orange, strawberry, grapes,
    pumpkin, carrot, pineapple, corn, bread, egg,
)  # fmt: skip
THINGS = (
    cup, bowl, bottle, vase, teapot, spoon, candle, key, scissors, hammer, screw, hex_nut, gear, die,
    pawn, button, padlock, light_bulb, lamp, chair, table, book, pencil, umbrella, ball, hat, bucket,
    basket, barrel, clock, guitar, drum, shoe, car, bus, bicycle, boat, aeroplane, rocket, train,
    house, tower, bridge,
)  # fmt: skip

KINDS = {build.__name__.replace("_", " "): build for build in ANIMALS + PLANTS + THINGS}
