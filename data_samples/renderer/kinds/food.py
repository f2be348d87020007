"""Food other than fruit: pumpkin, carrot, corn, bread, egg."""

import numpy as np

from ..backgrounds import pick, vary
from ..camera import normalize
from ..primitives import Box, Ellipsoid, rotation
from ..scene import Material, Subject
from .plant_model import (
    BLOOMS,
    GREENS,
    Dome,
    Model,
    blend,
    cloudy,
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


def pumpkin(rng: np.random.Generator, stand) -> Subject:
    """Ribbed, flat or tall, orange, green, white or striped, with a bent corky stalk."""
    rgb = np.array(pick(rng, tones("e67a1a db611a e6d6b2 526b3d e6ad33")))
    other = pick(rng, [rgb * 0.7, rgb * 0.8, (0.94, 0.80, 0.45), (0.25, 0.40, 0.18)])
    n, tall, low, mode = rng.integers(8, 15), rng.uniform(0.16, 0.36), rng.uniform(0.4, 0.6), rng.random()

    def pattern(u, p, noise):
        groove = step(np.abs(u[2]), 0.1, 0.5)
        patches = cloudy(0.0, 0.5, 7)(u, p, noise)
        return (groove, groove * 0.5 + 0.3 * patches, patches)[int(mode * 3)]

    skin, cork = (
        blend(rng, rgb, other, pattern, 0.14, gloss=0.04, bump=0.08),
        blend(rng, (0.5, 0.45, 0.3), (0.3, 0.4, 0.2), cloudy()),
    )

    def build(s):
        thing = Model(rng, leaning(rng, 0, 0.3 if rng.random() < 0.8 else 1.6))
        wide = 0.4 * s
        ribs(thing, n, wide * low, np.array([tall * s, wide * (1 - low), wide * low * 4.8 / n]), skin)
        a, r = rng.uniform(0, 6.3), 0.05 * s * rng.uniform(0.7, 1.3)
        bend = np.array([0, np.cos(a), np.sin(a)]) * s * rng.uniform(0.02, 0.12)
        x = tall * s
        thing.rod(
            [(x * 0.6, 0, 0), bend * 0.3 + [x * 1.15, 0, 0], bend + [x * 1.15 + 0.12 * s, 0, 0]],
            [r * 1.5, r, r * 0.8],
            cork,
        )
        return thing

    return group(rng, stand, (1, 1, 1, 2, 3), 0.86, build)


def carrot(rng: np.random.Generator, stand) -> Subject:
    """A tapering ringed root with a tuft of feathery or cut-off green."""
    rgb = np.array(pick(rng, tones("eb7a1f f08533 e6701a e6661a f0ad40 732e52 ebdbad")))
    blunt, leafy, thick = rng.uniform(0.1, 0.5), rng.random() < 0.75, rng.uniform(0.07, 0.12)
    leaf = np.stack([vary(rng, pick(rng, GREENS)) for _ in range(3)], 1)
    stem = green(rng)

    def build(s):
        thing = Model(rng, leaning(rng, 1.35, 1.65))

        def rings(u, p, noise):
            q = thing.local(p) / s
            return step(noise(np.stack([q[0] * 34, q[1] * 3, q[2] * 3])), 0.25, 0.7) + 0.3 * noise(p * 5)

        skin = blend(rng, rgb, rgb * rng.uniform(0.5, 0.8), rings, 0.12, bump=0.1)
        t = np.linspace(0, 1, 8)
        bow = rng.normal(0, 0.05, 2)
        points = np.stack([-0.75 * s * t, bow[0] * t**2 * s, bow[1] * t**2 * s], 1)
        radii = thick * s * np.maximum((1 - t) ** blunt * (1 - 0.45 * t), 0.06)
        thing.rod(points, radii, skin, core=True)
        thing.ball((-0.3 * s, 0, 0), np.array([0.3, 0.6 * thick, 0.6 * thick]) * s, skin)
        for _ in range(7):
            way = normalize(np.array([1, *rng.normal(0, 0.3, 2)]))
            reach = (0.36 if leafy else 0.06) * s * rng.uniform(0.6, 1.1)
            root = np.array([thick * s * 0.8, *rng.normal(0, 0.02, 2) * s])
            thing.rod([root, root + way * reach], [0.014 * s, 0.008 * s], stem)
            if leafy:
                along = rng.uniform(0.25, 1.05, 130)
                spot = root[:, None] + way[:, None] * along * reach
                thing.fur(spot, way[:, None] + rng.normal(0, 0.7, (3, 130)), 0.09 * s, leaf, 0.007)
        return thing

    return group(rng, stand, (1, 1, 2, 3, 4), 0.42, build)


def corn(rng: np.random.Generator, stand) -> Subject:
    """An ear with rows of kernels, yellow, white, red or many-coloured, some husk and silk."""
    shades = tones("f0c740 f2d159 ebb833 ebdb9e 8c1f1f 38294c e69926")
    many = rng.random() < 0.3
    palette = np.stack(
        [vary(rng, pick(rng, shades)) for _ in range(4)] if many else [vary(rng, pick(rng, shades))] * 4, 1
    )
    palette = palette * rng.uniform(0.8, 1.15, (1, 4))
    rows, across, seam = rng.integers(6, 9) * 2, rng.uniform(30, 46), np.float32(rng.uniform(0.25, 0.5))
    husk = [veined(rng, base, pick(rng, GREENS), 9, 0, 0.1) for base in ((0.72, 0.74, 0.45), (0.55, 0.65, 0.3))]
    silk = np.stack([vary(rng, c) for c in ((0.75, 0.6, 0.3), (0.5, 0.3, 0.15))], 1)
    slim, leaves, open_ = rng.uniform(0.1, 0.15), rng.integers(0, 6), rng.uniform(0.9, 1.5)

    def build(s):
        thing = Model(rng, leaning(rng, 1.3, 1.65))

        def kernels(u, p, noise):
            q = thing.local(p) / s
            a, x = (np.arctan2(q[2], q[1]) / (2 * np.pi) + 0.5) * rows, q[0] * across
            x = x + 0.5 * (np.floor(a) % 2)
            edge = np.maximum(np.abs(a % 1 - 0.5), np.abs(x % 1 - 0.5)) * 2
            which = (np.sin(np.floor(a) * 12.9 + np.floor(x) * 78.2) * 43758.5) % 1
            bright = (1 - step(edge, seam, 1.05) * 0.85) * (0.8 + 0.3 * which)
            return np.clip(palette[:, (which * 3.99).astype(int)] * bright, 0.004, 0.95)

        skin = Material(kernels, 0.06, 0.25, translucency=0.1)
        thing.ball((0, 0, 0), np.array([0.5, slim, slim]) * s, skin)
        thing.ball((-0.12 * s, 0, 0), np.array([0.36, slim * 1.06, slim * 1.06]) * s, skin)
        thing.rod([(-0.45 * s, 0, 0), (-0.62 * s, 0, 0)], [0.05 * s, 0.04 * s], husk[0])
        for k in range(leaves):
            lift = open_ * rng.uniform(0.75, 1.1)
            thing.ring(
                1, 0.05 * s, lift, rng.uniform(0.5, 0.85) * s, 0.13 * s, pointed, (0, 0.5), husk[k % 2], x=-0.5 * s
            )
        if leaves:
            way = np.stack([np.ones(60), *rng.normal(0, 0.35, (2, 60))])
            thing.fur((0.45 * s, 0, 0), way, 0.22 * s, silk, 0.005, 0.4)
        return thing

    return group(rng, stand, (1, 1, 2, 3), 0.42, build)


def bread(rng: np.random.Generator, stand) -> Subject:
    """A baked loaf, stick, round, bun or slice: brown crust, pale cuts, flour or seeds."""
    crust = np.array(pick(rng, tones("a8662e c78a42 7a4724 d6a35c 573826")))
    crumb = np.array(pick(rng, tones("ebd6ad cca875 99704c")))
    form, cuts, slant, flour = rng.integers(4), rng.uniform(4, 12), rng.uniform(-1.5, 1.5), rng.uniform(0.2, 1.3)
    seeds, cross = rng.random() < 0.35, rng.random() < 0.5
    grain = blend(rng, (0.9, 0.84, 0.66), (0.3, 0.22, 0.16), lambda u, p, noise: 0 * u[0] + float(rng.random() < 0.3))

    def build(s):
        a = rng.uniform(0, 6.3)
        thing = Model(rng, (np.cos(a), np.sin(a), 0.05), turn=False)

        def baked(u, p, noise):
            q = thing.local(p) / s
            wave = np.cos(cuts * (q[0] + slant * q[1]))
            if form == 1 and cross:
                wave = np.cos(np.minimum(np.abs(q[0]), np.abs(q[1])) * 22) * (np.hypot(q[0], q[1]) < 0.25)
            cut = step(wave, 0.8, 0.95) * step(q[2], 0.02, 0.1) * step(-np.abs(q[1]), -0.22, -0.1) * (form < 3)
            return (
                cut * 0.9
                + step(noise(p * 11, 2) + 0.6 * q[2], flour, flour + 0.5) * 0.8
                - 0.3 * step(-q[2], -0.02, 0.1)
            )

        skin = blend(rng, crust, np.maximum(crumb, crust), baked, 0.25, 16, bump=0.25, bump_scale=18)
        if form == 0:
            long, wide = rng.uniform(0.38, 0.5), rng.uniform(0.14, 0.24)
            thing.ball((0, 0, 0), np.array([long, wide, wide * 0.75]) * s, skin)
        elif form == 1:
            thing.ball((0, 0, 0), np.array([0.36, 0.36, rng.uniform(0.16, 0.26)]) * s, skin)
        elif form == 2:
            t = np.linspace(-1, 1, 7)
            bow, r = rng.normal(0, 0.08), rng.uniform(0.06, 0.11)
            points = np.stack([t * 0.5, bow * t**2, 0 * t], 1) * s
            thing.rod(points, r * s * np.array([0.5, 0.85, 1, 1, 1, 0.85, 0.5]), skin, core=True)
        else:
            holes = rng.uniform(18, 40)
            inside = blend(rng, crumb, crumb * 0.65, lambda u, p, noise: step(noise(p * holes, 2), 0.2, 0.7), 0.15, 12)
            tilt = (
                rotation((1, 0, 0), (0, 1, rng.uniform(-0.2, 0.2))) if rng.random() < 0.6 else spun(rng.normal(0, 0.2))
            )
            for half, skin_here in (((0.28, 0.24, 0.035), skin), ((0.262, 0.222, 0.038), inside)):
                block = Box(thing.at(0, 0, 0), np.array(half) * s, (thing.axes @ tilt).astype(np.float32), skin_here)
                thing.core.append(block)
                for side in (1, -1):  # the two swellings of the top
                    end = np.array([0.13 if half[0] > 0.27 else 0.115] * 2)
                    spot = tilt @ np.array([0.24, 0.12 * side, 0])
                    hump = (*end, half[2])
                    thing.ball(spot * s, np.array(hump) * s, skin_here, tilt)
        for _ in range(40 if seeds and form < 2 else 0):
            way = normalize(np.array([*rng.normal(0, 0.8, 2), 1.0]))
            host = thing.core[0]
            spot = way * host.radii
            seed = np.array([0.022, 0.012, 0.008]) * s
            turn = rotation(rng.normal(0, 1, 3) * [1, 1, 0.1])
            thing.extra.append(Ellipsoid(thing.at(*spot), seed, (thing.axes @ turn).astype(np.float32), grain))
        return thing

    return group(rng, stand, (1, 1, 1, 2, 3), 0.62, build)


def egg(rng: np.random.Generator, stand) -> Subject:
    """Blunt at one end, white, brown, blue, speckled or painted; alone, several, or in a cup."""
    shades = tones("ede8de cc9970 a8c7c2 e6cca8 9e9e7a")
    form, size, width = rng.integers(4), rng.uniform(8, 34), rng.uniform(0.2, 0.7)
    bold, stripes = [pick(rng, BLOOMS) for _ in range(2)], rng.integers(4, 14)
    long, short = rng.uniform(0.36, 0.46), rng.uniform(0.27, 0.31)

    def speckled(u, p, noise):
        return step(noise(p * size, 2) + 0.3 * noise(p * 5), width, width + 0.15)

    def painted(u, p, noise):
        a = np.arctan2(u[2], u[1])
        return step(np.sin(stripes * u[0] + 2 * width * np.sin(round(stripes / 2) * a)), -0.2, 0.2)

    def build(s):
        tone = np.array(pick(rng, shades))
        speck = pick(rng, [*tones("472e1f 805940"), tone * 0.6])
        if form == 3:
            shell = blend(rng, *bold, painted, 0.08)
        else:
            shell = blend(rng, tone, speck if form == 2 else tone * 0.9, speckled, 0.06, 26, gloss=0.03, bump=0.03)
        cup = rng.random() < 0.15
        thing = Model(rng, leaning(rng, 0, 0.2) if cup else leaning(rng, 1.2, 1.8))
        thing.core += [Dome(thing.axes, x * s, 0.28 * s, shell) for x in (long, -short)]
        if cup:
            glaze = blend(rng, pick(rng, BLOOMS), pick(rng, BLOOMS), cloudy(), gloss=0.06, roughness=0.2)
            profile = [(-0.62, 0.2), (-0.56, 0.07), (-0.42, 0.08), (-0.3, 0.2), (-0.08, 0.3)]
            thing.lathe([(x * s, r * s) for x, r in profile], glaze)
        return thing

    return group(rng, stand, (1, 1, 2, 3, 4, 5), 0.72, build)
