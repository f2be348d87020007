"""Flowering plants: daisy, sunflower, tulip, rose, poppy, bellflower, cactus."""

import numpy as np

from ..backgrounds import pick, vary
from ..camera import normalize
from ..insects import chain, coat
from ..primitives import Frustum, Sheet, rotation
from ..scene import Material, Subject
from .plant_model import (
    BLOOMS,
    GREENS,
    Model,
    blend,
    broad,
    cloudy,
    green,
    leaning,
    places,
    pointed,
    ribs,
    step,
    tones,
    veined,
)


def petal_skin(rng, base, other) -> Material:
    """A petal: base colour that turns into the other at its foot, its tip, its middle or its edge; streaked."""
    one, two = vary(rng, base, 0.03)[:, None], vary(rng, other, 0.03)[:, None]
    kind, streaks, start = rng.integers(5), rng.uniform(5, 16), rng.uniform(0.15, 0.6)
    depth = rng.uniform(0.03, 0.16)

    def color(u, p, noise):
        wave = 0.12 * np.sin(u[1] * streaks) + 0.1 * noise(p * 12)
        place = (1 - u[0], u[0], 1 - np.abs(u[1]), np.abs(u[1]), 0 * u[0])[kind]
        t = step(place + wave, start, start + 0.4) if kind < 4 else 0 * place
        shade = 1 + depth * np.sin(u[1] * streaks * 2) + 0.1 * noise(p * 8, 2) - 0.25 * (1 - u[0]) ** 3
        return np.clip((one * (1 - t) + two * t) * shade, 0.004, 0.95)

    return Material(color, 0.03, rng.uniform(0.35, 0.7), sheen=0.1, translucency=0.3)


def strap(u, v):
    return np.abs(v) < np.minimum(u * 3 + 0.2, 1) ** 0.6 * np.sqrt(1 - u**6)


def flower(rng, stand, head, thick=0.018, leaf=None, counts=(1, 1, 1, 2, 3), tilt=(0.0, 0.9), low=0.35) -> Subject:
    """Flower heads on stems, lying cut on the ground, or loose. head(thing, scale) builds one at the origin."""
    subject, n, stem = Subject(), pick(rng, counts), green(rng, bump=0.1)
    pose, with_stem = rng.choice(3, p=[0.6, 0.25, 0.15]), rng.random() < 0.4
    for x, y in places(rng, n, 0.55):
        scale = rng.uniform(0.85, 1.1) * (1.0 if n == 1 else 0.75)
        axis = leaning(rng, *(tilt, (1.2, 1.6), (0, 0.35))[pose])
        thing, foot = Model(rng, axis), None
        head(thing, scale)
        if pose < 2:
            tall = rng.uniform(low, 0.85)
            side = rng.normal(0, 0.1, 3)
            end = np.array([*(side[:2] - 0.15 * axis[:2]), -tall]) if pose == 0 else -axis * tall + side * [1, 1, 0]
            t = np.linspace(0, 1, 7)[:, None]
            curve = (2 * t * (1 - t)) * (-axis * tall * 0.45) + t**2 * end
            cones = chain(curve.astype(np.float32), np.full(7, thick * scale), stem)
            thing.core += cones if with_stem else []
            thing.extra += [] if with_stem else cones
            foot = end if pose == 0 else None
            for k in range(rng.integers(0, 4) if leaf else 0):
                leaf(thing, curve[rng.integers(3, 7)], pose, k)
        thing.put(subject, stand, x, y, foot=foot)
    return subject


def stem_leaf(rng, outline, length, width, rise=0.6):
    """A leaf(thing, point, pose, k) for `flower`."""
    skin = veined(rng, pick(rng, GREENS), pick(rng, GREENS), strength=0.4)

    def leaf(thing, point, pose, k):
        a, up = rng.uniform(0, 2 * np.pi), rise * rng.uniform(0.3, 1.3) * (0.3 if pose else 1)
        way = np.array([np.cos(a), np.sin(a), np.tan(min(up, 1.35))])
        axes = rotation(way, (0, 0, 1))
        size = length * rng.uniform(0.7, 1.2)
        bend = -rng.uniform(0.0, 0.4) * size
        sheet = Sheet(point, axes, size, width * size / length, outline, bend, 0.3 * width, skin)
        sheet.two_sided = True
        thing.extra.append(sheet)

    return leaf


def florets(rng, inner, outer) -> Material:
    """The middle of a daisy or sunflower: a spiral of tiny buds, in rings of two colours."""
    rows, split = rng.uniform(18, 34), rng.uniform(0.2, 0.7)

    def pattern(u, p, noise):
        r, a = np.hypot(u[1], u[2]), np.arctan2(u[2], u[1])
        bud = np.sin(rows * r + 8 * a) * np.sin(rows * r - 13 * a)
        return step(r + 0.1 * noise(p * 30), split - 0.1, split + 0.1) * 0.7 + 0.45 * bud

    return blend(rng, inner, outer, pattern, 0.3, 40, bump=0.35, bump_scale=40, sheen=0.2)


def daisy(rng: np.random.Generator, stand) -> Subject:
    """A flat ring of many narrow petals around a domed yellow middle."""
    base = pick(rng, [BLOOMS[0], BLOOMS[0], *BLOOMS])
    skin = petal_skin(rng, base, pick(rng, [base, *BLOOMS]))
    disc = florets(rng, (0.86, 0.66, 0.10), pick(rng, tones("e69914 593314 bfb226")))
    n, eye, wide = rng.integers(11, 30), rng.uniform(0.07, 0.13), rng.uniform(0.5, 0.85)
    lift, layers, shape = rng.uniform(-0.35, 0.5), pick(rng, [1, 1, 2]), pick(rng, [strap, strap, pointed])
    bend, high = rng.uniform(-0.25, 0.15), rng.uniform(0.35, 0.9)

    def head(thing, s):
        for k in range(layers):
            width = wide * np.pi * 0.26 / n * 1.4 * s
            thing.ring(n, eye * 0.7 * s, lift + 0.2 * k, (0.30 - 0.05 * k) * s, width, shape, (bend, 0.2), skin)
        thing.ball((0.015 * s, 0, 0), np.array([eye * high, eye, eye]) * s, disc)

    return flower(rng, stand, head, 0.014, stem_leaf(rng, pointed, 0.25, 0.05))


def sunflower(rng: np.random.Generator, stand) -> Subject:
    """A large dark disc of florets with two rings of pointed yellow petals, thick stem, heart-shaped leaves."""
    base = pick(rng, tones("f2bd1a f5d133 eb941a b2421a f7e699"))
    skin = petal_skin(rng, base, pick(rng, [*tones("d97314 8c2914"), base]))
    brown = pick(rng, tones("331f12 543814 73661f"))
    disc = florets(rng, brown, pick(rng, tones("21140d 9e6b1a 4c2914")))
    n, eye, lift = rng.integers(13, 21), rng.uniform(0.15, 0.24), rng.uniform(-0.2, 0.6)
    sepal = green(rng)

    def head(thing, s):
        for k in range(2):
            reach = rng.uniform(0.2, 0.26) * s
            thing.ring(n, eye * 0.85 * s, lift + 0.25 * k, reach, 0.055 * s, pointed, (-0.1, 0.25), skin, mess=0.18)
        thing.ball((0.01 * s, 0, 0), np.array([0.06, eye, eye]) * s, disc)
        thing.ring(6, 0.05 * s, -0.1, 0.28 * s, 0.06 * s, pointed, (0, 0.1), sepal, x=-0.06 * s, core=False)

    return flower(rng, stand, head, 0.032, stem_leaf(rng, pointed, 0.38, 0.14), tilt=(0.3, 1.3), low=0.5)


def tulip(rng: np.random.Generator, stand) -> Subject:
    """A cup of six broad petals on a plain stem with long leaves from the ground."""
    base = pick(rng, BLOOMS)
    skin = petal_skin(rng, base, pick(rng, BLOOMS))
    lift, close, shape = rng.uniform(0.95, 1.4), rng.uniform(0.1, 0.4), pick(rng, [broad, pointed])
    tall, wide = rng.uniform(0.32, 0.46), rng.uniform(0.11, 0.15)
    dark = Material(vary(rng, (0.2, 0.18, 0.1)))

    def head(thing, s):
        for k in range(2):
            turn = k * np.pi / 3
            bend = (close * (1.2 if lift < 1.2 else 0.5), 0.55)
            thing.ring(3, 0.04 * s, lift + 0.1 * k, tall * s, wide * s, shape, bend, skin, turn=turn, mess=0.05)
        thing.rod([(0, 0, 0), (0.14 * s, 0, 0)], [0.045 * s, 0.025 * s], dark)

    return flower(rng, stand, head, 0.02, stem_leaf(rng, pointed, 0.5, 0.06, 1.2), tilt=(0.0, 0.7))


def rose(rng: np.random.Generator, stand) -> Subject:
    """Many broad petals wrapped around each other, upright inside and opening outwards."""
    base = pick(rng, BLOOMS[:9])
    skin = petal_skin(rng, base, pick(rng, [base, base, *BLOOMS]))
    heart_skin = petal_skin(rng, np.array(base) * 0.8, base)
    openness, layers, sepal = rng.uniform(0.0, 0.8), rng.integers(4, 7), green(rng)

    def head(thing, s):
        for k in range(layers):
            t = k / (layers - 1)
            lift = 1.5 - t * (0.45 + openness * 0.75)
            size = (0.20 + 0.13 * t) * s
            bend = (0.25 - 0.55 * t * openness, 0.55 - 0.2 * t)
            ring_skin = heart_skin if k < 2 else skin
            turn = k * 2.4
            inner = (0.012 + 0.07 * t) * s
            thing.ring(3 + k // 2, inner, lift, size, size * (0.55 + 0.2 * t), broad, bend, ring_skin, turn=turn)
        thing.ball((0.05 * s, 0, 0), np.array([0.1, 0.055, 0.055]) * s, heart_skin)
        thing.ring(5, 0.03 * s, 0.1, 0.2 * s, 0.03 * s, pointed, (-0.3, 0), sepal, x=-0.02, core=False)

    return flower(rng, stand, head, 0.018, stem_leaf(rng, pointed, 0.22, 0.07))


def poppy(rng: np.random.Generator, stand) -> Subject:
    """A bowl of four to six crumpled petals, dark blotches, a ring of stamens around a green pod."""
    base = pick(rng, [*tones("e0241a db331f f0801f"), *BLOOMS])
    dark, n = vary(rng, pick(rng, [*tones("140d14 330d1a"), base]))[:, None], pick(rng, [4, 4, 5, 6])
    red = vary(rng, base)[:, None]
    blotch, lift, waves = rng.uniform(0.15, 0.4), rng.uniform(0.15, 1.0), rng.uniform(8, 20)

    def color(u, p, noise):
        t = step(u[0] + 0.15 * noise(p * 10), blotch, blotch + 0.12)
        crease = 1 + 0.16 * np.sin(u[1] * waves + 3 * noise(p * 5)) + 0.15 * noise(p * 12, 2)
        return np.clip((dark * (1 - t) + red * t) * crease, 0.003, 0.95)

    skin = Material(color, 0.03, 0.5, translucency=0.35, bump=0.3, bump_scale=9)
    phase = rng.uniform(0, 6, 2)

    def crumpled(u, v):
        edge = 0.92 + 0.05 * np.sin(9 * v + phase[0]) + 0.03 * np.sin(23 * v + phase[1])
        return (np.abs(v) < (0.25 + 0.75 * u**0.5) * np.sqrt(np.maximum(1 - u**7, 0))) & (u < edge)

    pod, pollen = green(rng), np.stack([vary(rng, c) for c in ((0.1, 0.08, 0.08), (0.7, 0.6, 0.3))], 1)
    curl = rng.uniform(-0.1, 0.35)

    def head(thing, s):
        thing.ring(n, 0.02 * s, lift, 0.32 * s, (0.26 if n < 5 else 0.2) * s, crumpled, (curl, 0.35), skin)
        thing.ball((0.06 * s, 0, 0), np.array([0.06, 0.045, 0.045]) * s, pod)
        spread = rng.normal(0, 1, (3, 160))
        spread[0] = rng.uniform(0.5, 2, 160)
        thing.fur((0, 0, 0), spread, 0.13 * s, pollen[:, rng.permutation(2)[:1]], 0.005)

    return flower(rng, stand, head, 0.012, stem_leaf(rng, pointed, 0.2, 0.04))


def bellflower(rng: np.random.Generator, stand) -> Subject:
    """Bells with five flared tips that hang from an arching stem."""
    base = pick(rng, tones("6b5cc7 9e73cc ebe8f2 e099c2 4c52b2"))
    dark, cap, stem = np.array(base) * rng.uniform(0.5, 0.9), green(rng), green(rng)
    flare, deep, n = rng.uniform(0.0, 1.0), rng.uniform(0.16, 0.30), rng.integers(1, 7)
    wide, tips, pale = rng.uniform(0.08, 0.12), rng.uniform(0.5, 1.0), pick(rng, [base, (0.93, 0.9, 0.9)])
    lines = blend(rng, base, dark, lambda u, p, noise: 0.5 + 0.5 * np.sin(u[1] * 5 * np.pi), translucency=0.3)
    skin, subject = petal_skin(rng, base, pale), Subject()
    way = leaning(rng, 1.57, 1.57)
    tall, reach, lean = rng.uniform(0.6, 1.0), rng.uniform(0.1, 0.6), rng.uniform(0.15, 1.0)
    t = np.linspace(0, 1, 9)[:, None]
    curve = t * np.array([0, 0, tall]) + reach * t**2 * way + [0, 0, -0.3 * reach] * t**3
    curve -= curve.mean(0) * [1, 1, 0]
    ground = stand.place(0, 0)
    curve[0, 2] = -0.08  # into the ground, which may be lower there than in the middle
    subject.solids += chain(ground + curve.astype(np.float32), np.linspace(0.018, 0.008, 9), stem)
    for k in range(n):
        spot = curve[8 - k]
        s = rng.uniform(0.8, 1.1) * (1 if n < 4 else 0.8)
        side = leaning(rng, 1.2, 1.7)
        bell = Model(rng, normalize(np.array([0, 0, -1]) * lean + side * (0.15 + 0.3 * rng.random()) + 0.2 * way))
        profile = [(0, 0.3), (0.2, 0.68), (0.5, 0.85), (0.8, 0.95), (1, 1.1 + 0.2 * flare)]
        bell.lathe([(x * deep * s, r * wide * s) for x, r in profile], lines)
        lift = 1.3 - flare
        bell.ring(5, 1.05 * wide * s, lift, tips * 0.17 * s, 0.07 * s, pointed, (-0.2, 0.1), skin, x=deep * s * 0.9)
        bell.ring(5, 0.02 * s, 1.0, 0.1 * s, 0.02 * s, pointed, (0.1, 0), cap, core=False)
        bell.rod([(0, 0, 0), (deep * 0.9 * s, 0, 0)], [0.012 * s, 0.016 * s], cap)
        hang = spot + side * 0.09 * (k > 0) + [0, 0, -0.03]
        bell.put(subject, stand, 0, 0, sink=0, foot=-hang)
        if k:
            subject.solids += chain([ground + spot, ground + hang], [0.007, 0.006], stem)
    return subject


def spines(thing, rib, tall, offset, depth, x, colors, length, rows=11) -> None:
    """Tufts of spines along the ridge of each of `rib` ribs."""
    rng = thing.rng
    a, t = np.meshgrid(2 * np.pi * np.arange(rib) / rib, np.linspace(-0.8, 0.95, rows))
    a, t = np.repeat(a.ravel(), 6), np.repeat(t.ravel(), 6)
    r = offset + depth * np.sqrt(1 - t**2)
    out = np.stack([t + rng.normal(0, 0.6, len(a)), np.cos(a), np.sin(a)])
    out[1:] += rng.normal(0, 0.5, (2, len(a)))
    thing.fur(np.stack([x + tall * t, r * np.cos(a), r * np.sin(a)]), out, length, colors, 0.004, 0)


def cactus(rng: np.random.Generator, stand) -> Subject:
    """A ribbed globe, a column with arms, or flat pads; spines, sometimes flowers and a pot."""
    rgb = np.array(pick(rng, tones("4c753d 5c8061 758a4c 3d5c42")))
    ridge = pick(rng, [rgb * 1.4, rgb * 0.6, np.array([0.8, 0.75, 0.5])])
    skin = blend(rng, rgb, ridge, lambda u, p, noise: step(u[1], 0.75, 1.0) + 0.2 * noise(p * 9, 2), bump=0.1)
    thorn = np.stack(
        [vary(rng, c) for c in pick(rng, [[(0.9, 0.85, 0.7)] * 2, [(0.75, 0.4, 0.2), (0.9, 0.8, 0.6)]])], 1
    )
    petals = petal_skin(rng, *(pick(rng, BLOOMS[:7]) for _ in range(2)))
    form, potted = rng.integers(3), rng.random() < 0.35
    subject, thing, length = Subject(), Model(rng, leaning(rng, 0, 0.12)), rng.uniform(0.03, 0.1)
    tops, n = [], rng.integers(9, 15)
    if form == 0:
        for k in range(rng.integers(1, 4)):  # the large globe, then its offspring
            s, part = (0.5, Model(rng, leaning(rng, 0, 0.2))) if k else (1.0, thing)
            tall, wide = rng.uniform(0.2, 0.36) * s, rng.uniform(0.1, 0.15) * s
            ribs(part, n, wide, (tall, wide * 0.75, wide * 0.42), skin)
            spines(part, n, tall, wide, wide * 0.75, 0, thorn, length * s)
            if k:
                part.put(subject, stand, 0.28 * np.cos(2 * k + n), 0.28 * np.sin(2 * k + n), sink=0.05)
            else:
                tops.append((tall * 0.9, 0, 0))
    elif form == 1:
        tall, wide = rng.uniform(0.4, 0.55), rng.uniform(0.045, 0.07)
        ribs(thing, 8, wide, (tall, wide * 0.8, wide * 0.5), skin)
        spines(thing, 8, tall, wide, wide * 0.8, 0, thorn, length * 0.8, 18)
        tops.append((tall * 0.95, 0, 0))
        stripes = blend(rng, rgb, ridge, lambda u, p, noise: step(np.sin(np.arctan2(u[2], u[1]) * 8), 0.3, 1))
        for k in range(rng.integers(0, 4)):
            a, x, long = 2.1 * k + rng.uniform(0, 1), rng.uniform(-0.1, 0.15), rng.uniform(0.12, 0.3)
            side = np.array([0, np.cos(a), np.sin(a)])
            elbow = side * (0.16 + wide) + [x + 0.03, 0, 0]
            thing.rod([(x, 0, 0), elbow], [wide * 0.7, wide * 0.9], stripes)
            arm = thing.ball(elbow + [long * 0.85, 0, 0], (long, wide, wide), stripes)
            thing.strands.append(coat(rng, arm, 160, length, thorn, stand_up=0.9, radius=0.004))
            tops.append(elbow + [long * 1.83, 0, 0])
    else:
        dots = rng.uniform(9, 16)
        speckled = blend(
            rng, rgb, ridge, lambda u, p, noise: step(np.sin(dots * u[0]) * np.sin(dots * u[1] + 0.3), 0.75, 0.95), 0.2
        )
        pads = [(np.zeros(3), np.array([1.0, 0, 0]), 0.25)]
        for _ in range(rng.integers(1, 6)):
            start, way, size = pads[rng.integers(len(pads))]
            a = rng.uniform(-1.0, 1.0)
            c, s = np.cos(a), np.sin(a)
            new = np.array([c * way[0] - s * way[1], s * way[0] + c * way[1], rng.normal(0, 0.3)])
            small = size * rng.uniform(0.6, 0.9)
            pads.append((start + way * size * 0.95 + new * small * 0.9, new, small))
        for center, way, size in pads:
            pad = thing.ball(center, np.array([1, 0.72, 0.22]) * size, speckled, rotation(way, (0, 0, 1)))
            thing.strands.append(coat(rng, pad, 130, length, thorn, stand_up=0.95, radius=0.004))
            tops.append(center + normalize(way) * size)
    for spot in tops if rng.random() < 0.45 else ():
        flower_head = Model(rng, thing.axes[:, 0])
        flower_head.ring(9, 0.005, 0.8, 0.11, 0.025, pointed, (-0.1, 0.2), petals)
        flower_head.shift(thing.at(*spot))
        thing.extra += flower_head.core
    if potted:
        clay = blend(rng, pick(rng, [*tones("b86b47 d9d6cc"), *BLOOMS]), (0.5, 0.35, 0.28), cloudy(), bump=0.1)
        low, r = thing.low() + 0.06, rng.uniform(0.2, 0.3)
        for x0, x1, r0, r1 in ((-0.3, 0, 0.7, 1.0), (-0.05, 0.03, 1.1, 1.12)):
            thing.core.append(Frustum(thing.at(low + x0), thing.at(low + x1), r * r0, r * r1, clay))
    thing.put(subject, stand, 0, 0, sink=0.0 if potted else 0.05)
    return subject
