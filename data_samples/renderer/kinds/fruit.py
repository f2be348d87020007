"""Fruit: apple, pear, banana, lemon, orange, strawberry, grapes, pineapple."""

import numpy as np

from ..backgrounds import pick, vary
from ..camera import normalize
from ..primitives import Frustum, rotation
from ..scene import Material, Subject
from .plant_model import (
    AUTUMN,
    GREENS,
    Dome,
    Model,
    blend,
    broad,
    cloudy,
    fruit_axis,
    green,
    group,
    leaning,
    pointed,
    ribs,
    spun,
    step,
    tones,
    veined,
)


def stalk_and_leaf(thing, x, s, long=0.16) -> None:
    """The stalk of an apple or pear, sometimes with a leaf."""
    rng = thing.rng
    bend = rng.normal(0, 0.05, 2) * s
    wood = blend(rng, (0.36, 0.26, 0.14), (0.45, 0.5, 0.25), cloudy())
    tip = (x + long * s, *bend)
    thing.rod([(x - 0.05 * s, 0, 0), tip], [0.016 * s, 0.02 * s], wood)
    if rng.random() < 0.4:
        skin = veined(rng, pick(rng, GREENS), pick(rng, GREENS))
        x += 0.5 * long * s
        thing.ring(1, 0.01, 0.4, 0.3 * s, 0.09 * s, pointed, (-0.4, 0.3), skin, x=x, core=False)


def blush(rng, thing, skins, s) -> Material:
    """Two-coloured, streaked and dotted fruit skin, redder on one side."""
    one, two = np.array(skins[0]), np.array(skins[1])
    side, streak = rng.uniform(-0.6, 0.9), rng.integers(9, 24)
    strength, dots = rng.uniform(0, 0.6), rng.uniform(0, 0.5)

    def pattern(u, p, noise):
        q = thing.local(p) / s
        a = np.arctan2(q[2], q[1])
        lines = strength * noise(np.stack([q[0] * 2, np.cos(a) * streak / 4, np.sin(a) * streak / 4]) * 3, 2)
        return step(q[1] * 2 + q[0] + side + lines, -0.3, 0.5) - dots * step(noise(p * 40), 0.6, 0.8)

    return blend(rng, one, two, pattern, 0.12, gloss=0.05, roughness=rng.uniform(0.15, 0.4))


def apple(rng: np.random.Generator, stand) -> Subject:
    """Round with a dimple at both ends, red, green, yellow or streaked, a stalk and perhaps a leaf."""
    greens, reds = (
        ((0.56, 0.70, 0.22), (0.86, 0.78, 0.35)),
        ((0.74, 0.10, 0.10), (0.50, 0.06, 0.10), (0.85, 0.35, 0.18)),
    )
    skins = pick(rng, [*greens, *reds]), pick(rng, [*reds, *greens])
    tall, lobes = rng.uniform(0.26, 0.36), pick(rng, [5, 11, 13])

    def build(s):
        thing = Model(rng, fruit_axis(rng))
        ribs(thing, lobes, 0.14 * s, np.array([tall, 0.25, 0.25]) * s, blush(rng, thing, skins, s))
        stalk_and_leaf(thing, tall * 0.8 * s, s)
        return thing

    return group(rng, stand, (1, 1, 1, 2, 3, 4), 0.84, build)


def pear(rng: np.random.Generator, stand) -> Subject:
    """A round belly and a narrow neck, green, yellow, russet or red."""
    shades = tones("a8b847 d6c252 997033 b83829 738c33")
    skins, neck, high = (pick(rng, shades), pick(rng, shades)), rng.uniform(0.1, 0.16), rng.uniform(0.32, 0.48)

    def build(s):
        thing = Model(rng, fruit_axis(rng, 0.5))
        skin = blush(rng, thing, skins, s)
        thing.ball((0, 0, 0), np.array([0.29, 0.3, 0.3]) * s, skin)
        radii = np.array([0.285, 0.235, neck * 1.25, neck]) * s
        thing.rod([(x * s, 0, 0) for x in (0.04, 0.16, high * 0.8, high)], radii, skin)
        thing.ball((high * s, 0, 0), np.array([neck * 1.08, neck, neck]) * s, skin)
        stalk_and_leaf(thing, (high + neck) * s, s, 0.2)
        return thing

    return group(rng, stand, (1, 1, 2, 3), 0.8, build)


def banana(rng: np.random.Generator, stand) -> Subject:
    """Curved fingers that share a stem, green to yellow to brown-spotted; alone or in a bunch."""
    rgb = np.array(pick(rng, tones("f0cc33 f2d64c ebbd29 9eb23d d99e26 994033")))
    spotty, freq = rng.uniform(-0.1, 0.9), rng.uniform(10, 30)
    end, n, thick, bow = (
        rng.uniform(0.40, 0.48),
        pick(rng, [1, 1, 2, 3, 4, 5]),
        rng.uniform(0.06, 0.085),
        rng.uniform(0.1, 0.3),
    )
    thing, subject, a = Model(rng, leaning(rng, 1.4, 1.6), turn=False), Subject(), rng.uniform(0, 0.5)

    def pattern(u, p, noise):
        q = thing.local(p)
        return step(noise(p * freq), 0.9 - spotty, 1.1 - spotty) + step(np.abs(q[0]), end - 0.04, end + 0.02)

    skin = blend(rng, rgb, (0.22, 0.14, 0.08), pattern, 0.1, 8)
    upright = rng.random() < 0.35
    t = np.linspace(-1, 1, 9)
    radii = np.array([0.36, 0.6, 0.9, 1.0, 1.03, 1.0, 0.92, 0.7, 0.26]) * thick
    for k in range(n):
        fan = (k - (n - 1) / 2) * rng.uniform(0.18, 0.28)
        x = t * 0.45 + 0.03 * rng.normal() * (t + 1) / 2
        away = bow * (1 - t**2)
        side = fan * (t + 1) * 0.55 + a * 0.1 * t
        thing.rod(
            np.stack([x, side, away] if upright else [x, side + away, 0 * t + 0.02 * k], 1), radii, skin, core=True
        )
    thing.rod([(-0.44, 0, 0), (-0.54, 0, 0.0)], [thick * 0.36, thick * 0.42], skin)
    thing.put(subject, stand, 0, 0)
    return subject


def citrus(rng, stand, rgb, flesh, tip) -> Subject:
    """Whole, halved or sliced. tip: how far the ends stick out."""
    rgb, flesh = np.array(rgb), np.array(flesh)
    segments, long, ripe = rng.integers(8, 12), (0.3 + tip * rng.uniform(0.6, 1.3)), rng.uniform(0.7, 1.25)
    rind = blend(rng, rgb, rgb * [ripe, 1, 0.9], cloudy(scale=4), 0.1, 30, gloss=0.05, bump=0.13, bump_scale=45)

    def pulp(u, p, noise):
        r, wall = u[2], np.abs(((u[1] + 1) * segments / 2) % 1 - 0.5) * 2
        line = step(wall * r + 0.06 * noise(p * 30), r - 0.07, r - 0.03)
        return np.maximum.reduce([step(r, 0.86, 0.9), line, step(-r, -0.1, -0.05)]) + 0.25 * noise(p * 40)

    face = blend(rng, flesh, (0.94, 0.91, 0.78), pulp, 0.12, 25, gloss=0.06, roughness=0.25, translucency=0.2)
    form = rng.choice(3, p=[0.5, 0.3, 0.2])

    def build(s):
        part = form if rng.random() < 0.8 else 0
        thing = Model(rng, leaning(rng, 0, 1.9) if part == 0 else leaning(rng, 0, 0.9))
        if part == 0:
            thing.ball((0, 0, 0), np.array([long, 0.29, 0.29]) * s, rind)
            for sign in (1, -1) if tip else ():
                x = [sign * long * s * k for k in (0.78, 1.0 + tip * (0.6 if sign > 0 else 0.3))]
                thing.rod([(x[0], 0, 0), (x[1], 0, 0)], [0.15 * s, 0.045 * s], rind)
            if rng.random() < 0.4:
                stalk_and_leaf(thing, long * 1.02 * s, s, 0.06)
        else:
            thick = 0.05 if part == 2 else 0.02
            thing.core.append(Frustum(thing.at(-thick * s), thing.at(0), 0.29 * s, 0.29 * s, face))
            thing.lathe([(-thick * s, 0.292 * s), (-0.004, 0.292 * s)], rind)
            if part == 1:
                thing.core.append(Dome(thing.axes, -long * s, 0.292 * s, rind))
        return thing

    return group(rng, stand, (1, 1, 2, 3, 4), 0.72, build)


def lemon(rng: np.random.Generator, stand) -> Subject:
    """Yellow (or a green lime), pored, with a nipple at the end; whole, halved or sliced."""
    rgb = pick(rng, tones("f0d629 f2cc1f dbbd24 739e2e"))
    return citrus(rng, stand, rgb, (0.90, 0.85, 0.45) if rgb[0] > 0.5 else (0.70, 0.80, 0.40), rng.uniform(0.1, 0.22))


def orange(rng: np.random.Generator, stand) -> Subject:
    """Round and pored, orange to red; whole, halved or sliced."""
    rgb = pick(rng, tones("f28c1a eb731a f5ad40 e05924"))
    return citrus(rng, stand, rgb, pick(rng, tones("f08c1f cc3324 f29959")), 0.0)


def strawberry(rng: np.random.Generator, stand) -> Subject:
    """A red cone dotted with seeds under a star of green sepals."""
    rgb = np.array(pick(rng, tones("d61a1f b80f1a e64c2e e02933")))
    pale, seed = pick(rng, [rgb, rgb, np.array([0.88, 0.75, 0.55])]), pick(rng, tones("ebc759 66331a"))
    rows, around, long, wide = rng.uniform(9, 14), rng.integers(5, 8), rng.uniform(0.32, 0.55), rng.uniform(0.2, 0.28)
    calyx, sepals, rise, fresh = green(rng), rng.integers(6, 11), rng.uniform(-0.5, 0.7), rng.random()
    seed, red, top = (vary(rng, c)[:, None] for c in (seed, rgb, pale))

    def color(u, p, noise):
        a, x = np.arctan2(u[2], u[1]) * around, np.arcsin(np.clip(u[0], -1, 1)) * rows * 0.8
        dot_here = np.cos(x + a) * np.cos(x - a)
        t, ring = step(dot_here, 0.72, 0.9), step(dot_here, 0.3, 0.72)
        body = red + (top - red) * step(u[0] + 0.2 * noise(p * 9), 0.0, 0.7)
        return np.clip((body * (1 - 0.35 * ring) * (1 - t) + seed * t) * (1 + 0.15 * noise(p * 12, 2)), 0.003, 0.95)

    skin = Material(color, 0.06, rng.uniform(0.15, 0.35), bump=0.12, bump_scale=24)

    def build(s):
        thing = Model(rng, leaning(rng, 0.3, 2.0))
        thing.core += [Dome(thing.axes, x * s, wide * s, skin) for x in (0.13, -long)]
        thing.ring(sepals, 0.01, rise, 0.2 * s, 0.045 * s, pointed, (-0.3, 0.2), calyx, x=0.125 * s, mess=0.2)
        if fresh > 0.4:
            thing.rod([(0.1 * s, 0, 0), (0.3 * s, *rng.normal(0, 0.06, 2) * s)], [0.016 * s, 0.014 * s], calyx)
        return thing

    return group(rng, stand, (1, 1, 2, 3, 4, 5), 0.62, build)


def grapes(rng: np.random.Generator, stand) -> Subject:
    """A bunch of round or oval berries with a waxy bloom, tapering away from its stalk."""
    rgb = np.array(pick(rng, tones("a3b852 38244c 731f38 242647 c7b861")))
    haze = rng.uniform(0.0, 0.8)
    skins = []
    for _ in range(3):
        tone = np.clip(rgb * rng.uniform(0.75, 1.3, 3), 0, 0.95)
        bloom = cloudy(1 - haze * 1.4, 1.6 - haze, 9)
        skin = blend(rng, tone, tone * 0.5 + np.array([0.3, 0.32, 0.36]), bloom, 0.1, gloss=0.06, roughness=0.2)
        skin.translucency = 0.25
        skins.append(skin)
    r, oval, long, fat = rng.uniform(0.055, 0.08), rng.uniform(1.0, 1.4), rng.uniform(0.4, 0.8), rng.uniform(0.14, 0.24)
    thing, subject, twig = Model(rng, leaning(rng, 1.1, 1.7)), Subject(), green(rng, bump=0.2)
    levels = max(int(long / r / 1.25), 3)
    for k in range(levels):
        t = k / levels
        wide = fat * (1 - t) ** 0.8 * min(1, 0.7 + 3 * t)
        count = max(int(2 * np.pi * wide / r / 2.0), 1)
        for a in np.arange(count) * 2 * np.pi / count + k * 0.9:
            spot = (-long * t, wide * np.cos(a), wide * np.sin(a)) + rng.normal(0, 0.14 * r, 3)
            size = r * rng.uniform(0.85, 1.1)
            thing.ball(spot, (size * oval, size, size), pick(rng, skins), spun(a))
    thing.rod(
        [(-long * 0.8, 0, 0), (0, 0, 0), (r + 0.1, 0.02, 0), (r + 0.22, 0.02, 0.05)], [0.02, 0.02, 0.018, 0.025], twig
    )
    if rng.random() < 0.4:
        skin = veined(rng, pick(rng, GREENS), pick(rng, AUTUMN))
        thing.ring(rng.integers(1, 3), 0.02, 0.2, 0.4, 0.16, broad, (-0.2, 0.2), skin, x=r + 0.1, core=False)
    thing.put(subject, stand, 0, 0)
    return subject


def pineapple(rng: np.random.Generator, stand) -> Subject:
    """A barrel of spiralling diamond-shaped eyes under a crown of stiff leaves."""
    rgb = np.array(pick(rng, tones("cc942e 9e7529 8c8538 d1732e")))
    dark, subject = pick(rng, [rgb * 0.45, np.array([0.35, 0.38, 0.16])]), Subject()
    eye = blend(rng, rgb, dark, lambda u, p, noise: step(np.hypot(u[1], u[2]), 0.35, 0.9) + 0.25 * noise(p * 30), 0.25)
    body = Material(vary(rng, np.array(dark) * 0.8))
    leaf = veined(rng, *(pick(rng, GREENS) for _ in range(2)), pairs=1, strength=0.1)
    tall, wide, count = rng.uniform(0.26, 0.4), rng.uniform(0.17, 0.22), rng.integers(56, 76)
    thing = Model(rng, leaning(rng, 0, 0.3) if rng.random() < 0.6 else leaning(rng, 1.3, 1.6))
    thing.ball((0, 0, 0), (tall * 0.98, wide * 0.97, wide * 0.97), body)
    size = 2.0 * np.sqrt(tall * wide / count)
    for i in range(count):
        t, a = 2 * (i + 0.5) / count - 1, i * 2.39996
        r = np.sqrt(1 - (t * 0.97) ** 4)  # a barrel, fuller than an ellipsoid
        out = rotation(normalize(np.array([0.35 * t**3, np.cos(a), np.sin(a)], np.float32)), (1, 0, 0))
        thing.ball(
            (t * tall * 0.95, wide * r * np.cos(a), wide * r * np.sin(a)), np.array([0.4, 1, 0.9]) * size, eye, out
        )
    long = rng.uniform(0.2, 0.4)
    for k in range(4):
        lift, x = 0.35 + 0.33 * k, tall * (0.85 + 0.05 * k)
        thing.ring(7 - k, 0.03, lift, long * (0.7 + 0.15 * k), 0.03, pointed, (-0.2, 0.5), leaf, x=x, mess=0.15)
    thing.put(subject, stand, 0, 0)
    return subject
