"""Plants and food: flowers, leaves, fungi, fruit. Every part hangs on a `Thing`, whose first local axis is its own."""

import numpy as np

from .backgrounds import vary
from .camera import normalize
from .insects import chain, coat
from .primitives import Box, Ellipsoid, Frustum, RoundCone, Sheet, Strands, dot, rotation
from .scene import Material, Subject


def tones(text):
    """sRGB colours (3,) from their six-digit hexadecimal names."""
    return [np.array([int(name[i : i + 2], 16) for i in (0, 2, 4)]) / 255 for name in text.split()]


GREENS = tones("4c7a2e 6b8c38 386133 738f66 85943d")
BLOOMS = tones("edebe0 e62924 f2cc24 eb85ad 8f3d9e f28024 cc1f6b 571433 f7dba8 9e99e0")


def pick(rng, *choices):
    """One of the choices, at random."""
    return choices[rng.integers(len(choices))]


def step(x, low, high):
    """0 below low, 1 above high, smooth between."""
    t = np.clip((x - low) / (high - low), 0, 1)
    return t * t * (3 - 2 * t)


def blend(rng, one, two, pattern, mottle=0.18, scale=14.0, **surface) -> Material:
    """Colours one to two (sRGB) by pattern(u, p, noise) in [0, 1], uneven by `mottle`."""
    one, two = vary(rng, one, 0.04)[:, None], vary(rng, two, 0.04)[:, None]

    def color(u, p, noise):
        t = np.clip(pattern(u, p, noise), 0, 1)
        return np.clip((one * (1 - t) + two * t) * (1 + mottle * noise(p * scale, 2)), 0.003, 0.95)

    return Material(color, **{"gloss": 0.03, "roughness": rng.uniform(0.3, 0.7), **surface})


def cloudy(low=-0.4, high=0.6, scale=6.0):
    """A pattern of soft blotches."""
    return lambda u, p, noise: step(noise(p * scale, 2), low, high)


def green(rng, **surface) -> Material:
    """Stem or leaf colour, blotched."""
    rgb = np.array(pick(rng, *GREENS))
    return blend(rng, rgb, rgb * rng.uniform(0.6, 1.3), cloudy(), **surface)


def veined(rng, base, edge, pairs=6.0, slant=1.4, strength=0.5, depth=(0.3, 1.1)) -> Material:
    """A leaf: from the base colour at its veins to the edge colour, with a midrib and side veins."""
    base, edge = vary(rng, base)[:, None], vary(rng, edge)[:, None]
    lit = rng.uniform(-0.3, 0.7) * strength  # veins are paler or darker than the blade

    def color(u, p, noise):
        across = np.abs(u[1])
        side = np.abs((u[0] * pairs - across * slant) % 1 - 0.5) * 2
        vein = np.exp(-((u[1] / 0.05) ** 2)) + 0.6 * step(side, 0.8, 0.95)
        t = step(np.maximum(across, u[0] * 0.8) + 0.35 * noise(p * 7, 2), *depth)
        return np.clip((base * (1 - t) + edge * t) * (1 + lit * vein + 0.18 * noise(p * 22, 2)), 0.004, 0.95)

    return Material(color, 0.04, rng.uniform(0.3, 0.6), translucency=0.35, bump=0.12, bump_scale=18)


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


# Outlines of sheets: u from root to tip, v across.


def pointed(u, v):
    return np.abs(v) < 1.95 * u**0.7 * (1 - u) ** 0.6


def strap(u, v):
    return np.abs(v) < np.minimum(u * 3 + 0.2, 1) ** 0.6 * np.sqrt(1 - u**6)


def broad(u, v):
    return np.abs(v) < (0.15 + 0.85 * u**0.6) * np.sqrt(1 - u**5)


def heart(u, v):
    a = np.abs(v)
    return ((u - 0.66) ** 2 / 0.115 + (a - 0.45) ** 2 / 0.3 < 1) | (a < 1.2 * u) & (u < 0.6)


class Dome(Ellipsoid):
    """Half an ellipsoid on the plane across `axes`' first column: a cap, a cup, either end of an egg.

    tall: height, below the plane where negative. wide: radius of the rim.
    """

    two_sided = True

    def __init__(self, axes, tall, wide, material, center=(0, 0, 0)):
        super().__init__(center, (abs(tall), wide, wide), axes, material)
        self.side = np.float32(np.sign(tall))

    def tips(self):
        rim = super().tips()
        return np.concatenate([rim[:, [0 if self.side > 0 else 3]], rim[:, [1, 2, 4, 5]]], 1)

    def intersect(self, o, d):
        q, e = self.to_unit_sphere @ (o - self.center), self.to_unit_sphere @ d
        a, b, c = dot(e, e), dot(q, e), dot(q, q) - 1
        h = b * b - a * c
        root, best = np.sqrt(np.maximum(h, 0)), np.inf
        for t in ((-b - root) / a, (-b + root) / a):
            kept = (h > 0) & ((q[0] + t * e[0]) * self.side >= -1e-3)
            best = np.minimum(best, np.where(kept, t, np.inf))
        return best


class Thing:
    """One plant or fruit, built around the origin and then put down. Its axis is the first column of `axes`."""

    def __init__(self, rng, axis, turn=True):
        self.rng, self.axes = rng, rotation(axis)
        if turn:  # no side of it always faces the same way
            c, s = np.cos(a := rng.uniform(0, 2 * np.pi)), np.sin(a)
            self.axes = (self.axes @ np.array([[1, 0, 0], [0, c, -s], [0, s, c]])).astype(np.float32)
        self.origin = np.zeros((3, 1), np.float32)
        self.core, self.extra, self.strands = [], [], []

    def at(self, x, y=0.0, z=0.0) -> np.ndarray:
        return self.axes @ np.array([x, y, z], np.float32)

    def local(self, p):
        """World points in the thing's own axes, also after it was moved: for patterns that span its parts."""
        return self.axes.T @ (p - self.origin)

    def ball(self, center, radii, material, axes=None):
        solid = Ellipsoid(self.at(*center), radii, self.axes if axes is None else self.axes @ axes, material)
        self.core.append(solid)
        return solid

    def rod(self, points, radii, material, core=False):
        """Round cones through local points."""
        points = [self.at(*p) for p in points]
        (self.core if core else self.extra).extend(chain(points, radii, material))

    def lathe(self, profile, material, core=True):
        """Thin walls of revolution through (x, radius) pairs."""
        for (x0, r0), (x1, r1) in zip(profile[:-1], profile[1:], strict=True):
            wall = Frustum(self.at(x0), self.at(x1), r0, r1, material, closed=False)
            (self.core if core else self.extra).append(wall)

    def ring(self, n, inner, lift, length, width, outline, bend, material, x=0.0, turn=None, mess=0.1, core=True):
        """n sheets around the axis; lift: angle above the plane across it. bend: relative to length and width."""
        rng, (forward, left, up) = self.rng, self.axes.T
        turn = rng.uniform(0, 2 * np.pi) if turn is None else turn
        for i in range(n):
            a = turn + 2 * np.pi * (i + mess * rng.normal()) / n
            rise, grow = lift + mess * rng.normal(), length * (1 + 0.6 * mess * rng.normal())
            radial = left * np.cos(a) + up * np.sin(a)
            along = radial * np.cos(rise) + forward * np.sin(rise)
            normal = forward * np.cos(rise) - radial * np.sin(rise)
            axes = np.stack([along, np.cross(normal, along), normal], 1).astype(np.float32)
            bends = (bend[0] + 0.5 * mess * rng.normal()) * grow, bend[1] * width
            root = forward * np.float32(x) + radial * np.float32(inner)
            sheet = Sheet(root, axes, grow, width, outline, *bends, material)
            sheet.two_sided = True
            (self.core if core else self.extra).append(sheet)

    def fur(self, center, directions, length, colors, radius=0.004, droop=0.1):
        """Hairs from a local point or points along local directions (3, n)."""
        n = directions.shape[1]
        way = (self.axes @ normalize(directions)).astype(np.float32)
        root = (self.axes @ np.broadcast_to(np.asarray(center, np.float32).reshape(3, -1), (3, n))).astype(np.float32)
        rgb = colors[:, self.rng.integers(colors.shape[1], size=n)] * self.rng.uniform(0.7, 1.25, n)
        lengths = length * self.rng.uniform(0.7, 1.1, n)
        self.strands.append(Strands(root, way, way, lengths, rgb.astype(np.float32), radius, droop))

    def low(self) -> float:
        """Height of the lowest point."""
        lows = []
        for s in self.core + self.extra:
            if isinstance(s, Ellipsoid):
                lows.append(s.center[2, 0] - np.linalg.norm(s.axes[2] * s.radii))
            elif isinstance(s, RoundCone):
                lows.append(min(s.a[2, 0] - s.ra, s.b[2, 0] - s.rb))
            elif isinstance(s, Sheet):
                lows.append(s.tips()[2].min())
            else:
                lows.append(s.bounds()[0][2].min())
        return float(min(lows))

    def shift(self, by) -> None:
        """Moves every part; `origin` in place, because patterns hold on to it."""
        by = np.asarray(by, np.float32).reshape(3, 1)
        self.origin += by
        for part in self.core + self.extra + self.strands:
            for name in ("center", "a", "b", "root"):
                if hasattr(part, name):
                    setattr(part, name, getattr(part, name) + by)

    def put(self, subject: Subject, stand, x, y, sink=0.02, foot=None) -> None:
        """Moves it to x, y with its lowest point (or its foot) a little in the ground and adds it to the subject."""
        there = stand.place(x, y)
        if foot is None:
            around = [stand.place(x + dx, y + dy)[2] for dx, dy in ((0.1, 0), (-0.1, 0), (0, 0.1), (0, -0.1))]
            there[2] = max(there[2], np.mean(around)) - self.low() - sink
        else:
            there = there - foot - np.array([0, 0, sink])
        self.shift(there)
        subject.core += self.core
        subject.solids += self.core + self.extra
        subject.strands += self.strands


def places(rng, n, gap):
    """n places (x, y) about `gap` apart, around the middle."""
    if n == 1:
        return [rng.normal(0, 0.03, 2)]
    a, r = rng.uniform(0, 2 * np.pi) + 2 * np.pi * np.arange(n) / n, gap / 2 / np.sin(np.pi / n)
    return [r * np.array([np.cos(t), np.sin(t)]) + rng.normal(0, 0.06 * gap, 2) for t in a]


def group(rng, stand, counts, gap, build) -> Subject:
    """Several of a thing side by side, smaller when they are many. build(scale) -> Thing."""
    subject, n = Subject(), pick(rng, *counts)
    scale = (1.0, 0.66, 0.58, 0.5, 0.45, 0.42)[n - 1]
    for x, y in places(rng, n, gap * scale):
        build(scale * rng.uniform(0.88, 1.1)).put(subject, stand, x, y)
    return subject


def leaning(rng, low=0.0, high=0.5):
    """A direction low to high radians away from straight up."""
    a, t = rng.uniform(0, 2 * np.pi), rng.uniform(low, high)
    return np.array([np.cos(a) * np.sin(t), np.sin(a) * np.sin(t), np.cos(t)], np.float32)


# Flowers.


def flower(rng, stand, head, thick=0.018, leaf=None, counts=(1, 1, 1, 2, 3), tilt=(0.0, 0.9), low=0.35) -> Subject:
    """Flower heads on stems, lying cut on the ground, or loose. head(thing, scale) builds one at the origin."""
    subject, n, stem = Subject(), pick(rng, *counts), green(rng, bump=0.1)
    pose, with_stem = rng.choice(3, p=[0.6, 0.25, 0.15]), rng.random() < 0.4
    for x, y in places(rng, n, 0.55):
        scale = rng.uniform(0.85, 1.1) * (1.0 if n == 1 else 0.75)
        axis = leaning(rng, *(tilt, (1.2, 1.6), (0, 0.35))[pose])
        thing, foot = Thing(rng, axis), None
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
    skin = veined(rng, pick(rng, *GREENS), pick(rng, *GREENS), strength=0.4)

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
    base = pick(rng, BLOOMS[0], BLOOMS[0], *BLOOMS)
    skin = petal_skin(rng, base, pick(rng, base, *BLOOMS))
    disc = florets(rng, (0.86, 0.66, 0.10), pick(rng, *tones("e69914 593314 bfb226")))
    n, eye, wide = rng.integers(11, 30), rng.uniform(0.07, 0.13), rng.uniform(0.5, 0.85)
    lift, layers, shape = rng.uniform(-0.35, 0.5), pick(rng, 1, 1, 2), pick(rng, strap, strap, pointed)
    bend, high = rng.uniform(-0.25, 0.15), rng.uniform(0.35, 0.9)

    def head(thing, s):
        for k in range(layers):
            width = wide * np.pi * 0.26 / n * 1.4 * s
            thing.ring(n, eye * 0.7 * s, lift + 0.2 * k, (0.30 - 0.05 * k) * s, width, shape, (bend, 0.2), skin)
        thing.ball((0.015 * s, 0, 0), np.array([eye * high, eye, eye]) * s, disc)

    return flower(rng, stand, head, 0.014, stem_leaf(rng, pointed, 0.25, 0.05))


def sunflower(rng: np.random.Generator, stand) -> Subject:
    """A large dark disc of florets with two rings of pointed yellow petals, thick stem, heart-shaped leaves."""
    base = pick(rng, *tones("f2bd1a f5d133 eb941a b2421a f7e699"))
    skin = petal_skin(rng, base, pick(rng, *tones("d97314 8c2914"), base))
    brown = pick(rng, *tones("331f12 543814 73661f"))
    disc = florets(rng, brown, pick(rng, *tones("21140d 9e6b1a 4c2914")))
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
    base = pick(rng, *BLOOMS)
    skin = petal_skin(rng, base, pick(rng, *BLOOMS))
    lift, close, shape = rng.uniform(0.95, 1.4), rng.uniform(0.1, 0.4), pick(rng, broad, pointed)
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
    base = pick(rng, *BLOOMS[:9])
    skin = petal_skin(rng, base, pick(rng, base, base, *BLOOMS))
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
    base = pick(rng, *tones("e0241a db331f f0801f"), *BLOOMS)
    dark, n = vary(rng, pick(rng, *tones("140d14 330d1a"), base))[:, None], pick(rng, 4, 4, 5, 6)
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


# Fungi.


def fungus(rng, stand, spotted: bool) -> Subject:
    """Cap, gills, stalk: bell, dome, disc or funnel shaped, alone or in a troop."""
    caps = tones("9e7047 dbc7a8 734c33 cc852e 8c807a 806b8f ebb338 a34a33")
    reds = tones("cc1a12 d94014 b2141a 94663d e69e26")
    base = np.array(pick(rng, *(reds[:3] + reds if spotted else caps)))
    flesh = pick(rng, *tones("ebe0c7 ccb28c edebe6"))
    gill = np.array(pick(rng, flesh, (0.55, 0.38, 0.30), base * 0.8))
    high, funnel = rng.uniform(0.25, 1.1), not spotted and rng.random() < 0.2
    wart, count = blend(rng, flesh, (0.8, 0.7, 0.5), cloudy(), bump=0.3), rng.integers(9, 26)
    ringed, slim, zones = rng.random() < (0.8 if spotted else 0.3), rng.uniform(0.12, 0.3), rng.uniform(0, 0.5)
    rings, rough, grain = rng.uniform(4, 14), rng.uniform(0.2, 1.2), np.exp(rng.uniform(1.2, 3.2))

    def build(s):
        thing = Thing(rng, leaning(rng, 0, 0.35))
        r, tall = rng.uniform(0.3, 0.42) * s, rng.uniform(0.25, 0.75) * s
        h = r * high

        def zoned(u, p, noise):
            q = thing.local(p) / r
            out = np.hypot(q[1], q[2])
            return zones * np.sin(rings * out + noise(p * 8)) + step(out + rough * noise(p * grain, 2), 0.2, 0.9)

        skin = blend(
            rng, base, base * rng.uniform(0.35, 1.5), zoned, 0.15, gloss=0.045, roughness=rng.uniform(0.2, 0.6)
        )
        cuts = rng.integers(30, 60)
        under = blend(rng, gill, gill * 0.4, lambda u, p, noise: 0.5 + 0.5 * np.sin(u[1] * cuts * np.pi))
        stalk = blend(rng, flesh, np.array(flesh) * 0.7, cloudy(scale=9), bump=0.25)
        if funnel:
            profile = [(tall - 0.6 * r, 0.25 * r), (tall - 0.2 * r, 0.5 * r), (tall, r), (tall - 0.03 * r, 0.9 * r)]
            thing.lathe([*profile, (tall - 0.15 * r, 0.45 * r), (tall - 0.4 * r, 0.0)], skin)
        else:
            thing.core.append(Dome(thing.axes, h, r, skin, thing.at(tall - 0.1 * h)))
            thing.lathe([(tall - 0.1 * h, r), (tall - 0.02 * h, 0.1 * r)], under)
        w = r * slim
        top = tall - 0.5 * r if funnel else tall
        thing.rod([(0, 0, 0), (0.12 * s, 0, 0), (top, 0, 0)], [w * rng.uniform(1, 1.9), w * 1.1, w * 0.85], stalk, True)
        if ringed:
            x = tall * rng.uniform(0.55, 0.8)
            thing.lathe([(x - 0.06 * s, w * 1.9), (x, w * 0.95)], stalk, core=False)
        for i in range(count if spotted else 0):  # a spiral, so that no two warts touch
            a, t = i * 2.4 + rng.normal(0, 0.3), np.sqrt((i + 0.5) / count) * 0.97
            rise = np.sqrt(1 - t * t)
            size = r * rng.uniform(0.04, 0.12)
            out = rotation(normalize(np.array([rise / high, t * np.cos(a), t * np.sin(a)], np.float32)))
            spot = (tall + h * (rise - 0.1), r * t * np.cos(a), r * t * np.sin(a))
            thing.extra.append(Ellipsoid(thing.at(*spot), (size * 0.35, size, size), thing.axes @ out, wart))
        return thing

    return group(rng, stand, (1, 1, 1, 2, 3, 4), 0.75, build)


def mushroom(rng: np.random.Generator, stand) -> Subject:
    """Cap, gills and stalk in browns, greys and yellows."""
    return fungus(rng, stand, False)


def toadstool(rng: np.random.Generator, stand) -> Subject:
    """A red or brown cap with pale warts, white stalk with a ring."""
    return fungus(rng, stand, True)


def bellflower(rng: np.random.Generator, stand) -> Subject:
    """Bells with five flared tips that hang from an arching stem."""
    base = pick(rng, *tones("6b5cc7 9e73cc ebe8f2 e099c2 4c52b2"))
    dark, cap, stem = np.array(base) * rng.uniform(0.5, 0.9), green(rng), green(rng)
    flare, deep, n = rng.uniform(0.0, 1.0), rng.uniform(0.16, 0.30), rng.integers(1, 7)
    wide, tips, pale = rng.uniform(0.08, 0.12), rng.uniform(0.5, 1.0), pick(rng, base, (0.93, 0.9, 0.9))
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
        bell = Thing(rng, normalize(np.array([0, 0, -1]) * lean + side * (0.15 + 0.3 * rng.random()) + 0.2 * way))
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


def fern(rng: np.random.Generator, stand) -> Subject:
    """Feathered fronds that arch from one root, sometimes with rolled-up young ones; or a single frond."""
    pairs, slant, gap = rng.integers(10, 22), rng.uniform(0.05, 0.25), rng.uniform(0.36, 0.46)
    early = rng.uniform(2, 8)

    def outline(u, v):
        a = np.abs(v)
        edge = np.maximum(1 - u, 0) ** 0.8 * np.minimum(u * early, 1)
        off = np.abs(((u - a * slant) * pairs) % 1 - 0.5)
        leaflet = off < gap * (1 - 0.75 * (a / np.maximum(edge, 1e-3)) ** 2) * (0.9 + 0.1 * np.sin(a * 40))
        return (a < edge) & leaflet | (a < 0.05)

    rgb = np.array(pick(rng, *GREENS, (0.70, 0.56, 0.22), (0.50, 0.32, 0.16)))
    skin = veined(rng, rgb, rgb * rng.uniform(0.7, 1.5), pairs, slant * pairs)
    thing, subject = Thing(rng, leaning(rng, 0, 0.25)), Subject()
    lift, droop, wide = rng.uniform(0.35, 1.2), rng.uniform(0.1, 0.6), rng.uniform(0.14, 0.24)
    n = pick(rng, 1, 2, 3, 4, 5, 6, 7, 8)
    lift = lift * (0.4 if n < 3 else 1)
    thing.ring(n, 0.02, lift, 0.75, wide, outline, (-droop, rng.uniform(-0.3, 0.2)), skin, mess=0.16)
    stem = green(rng)
    for _ in range(rng.integers(0, 4) if n > 2 else 0):
        t = np.linspace(0, 1, 14)
        a, tall, turns = rng.uniform(0, 6.3), rng.uniform(0.2, 0.4), 2.4 * np.pi
        roll = 0.075 * np.maximum(1 - t, 0.12)
        x = np.where(t < 0.3, t / 0.3 * tall, tall + roll * np.sin((t - 0.3) / 0.7 * turns))
        y = np.where(t < 0.3, 0, 0.06 - roll * np.cos((t - 0.3) / 0.7 * turns)) + 0.06
        thing.rod(np.stack([x, y * np.cos(a), y * np.sin(a)], 1), np.linspace(0.02, 0.012, 14), stem, core=True)
    thing.put(subject, stand, 0, 0, foot=np.zeros(3) if n > 2 else None)
    return subject


def clover(rng: np.random.Generator, stand) -> Subject:
    """Leaves of three (now and then four) hearts with a pale chevron on thin stalks, and round flower heads."""
    rgb, mark = np.array(pick(rng, *GREENS, (0.40, 0.22, 0.24))), rng.uniform(0.35, 0.7)
    pale, wide = np.clip(rgb * rng.uniform(0.6, 1.9) + rng.choice([0, 0.15]), 0, 0.95), rng.uniform(0.03, 0.1)

    def chevron(u, p, noise):
        across = np.abs(u[1])
        band = np.exp(-(((u[0] - mark - 0.15 + 0.4 * across) / wide) ** 2))
        return band + 0.25 * np.exp(-((u[1] / 0.05) ** 2)) + 0.12 * np.sin(u[0] * 40 - across * 25)

    skin, stem = blend(rng, rgb, pale, chevron, 0.2, translucency=0.3), green(rng)
    subject, n = Subject(), rng.integers(1, 8)
    petals = np.stack([vary(rng, c) for c in ((0.9, 0.88, 0.86), pick(rng, *tones("cc5999 e6d9b2")))], 1)
    for k in range(n):
        a, r = 2.4 * k + rng.normal(0, 0.3), (0.13 * np.sqrt(k)) * rng.uniform(0.8, 1.2)
        s, tall = rng.uniform(0.75, 1.15), rng.uniform(0.12, 0.5)
        thing = Thing(rng, leaning(rng, 0, 0.7))
        if k == n - 1 and n > 2 and rng.random() < 0.6:
            ball = thing.ball((0, 0, 0), np.array([0.1, 0.1, 0.1]) * s, Material(petals[:, 1]))
            out = rng.normal(0, 1, (3, 1500))
            thing.fur(normalize(out) * ball.radii[0] * 0.8, out, 0.06 * s, petals, 0.006)
        else:
            leaflets = 4 if rng.random() < 0.12 else 3
            lift = rng.uniform(-0.2, 0.5)
            width = (0.155 if leaflets == 3 else 0.13) * s
            thing.ring(leaflets, 0.005, lift, 0.23 * s, width, heart, (-0.1, 0.2), skin, mess=0.06)
        foot = np.array([-0.4 * r * np.cos(a), -0.4 * r * np.sin(a), -tall], np.float32)
        thing.extra += chain([np.zeros(3), foot * [0.2, 0.2, 0.5], foot], [0.01, 0.011, 0.012], stem)
        thing.put(subject, stand, 0.6 * r * np.cos(a), 0.6 * r * np.sin(a), foot=foot)
    return subject


# Leaves that have fallen.

AUTUMN = ((0.80, 0.16, 0.10), (0.90, 0.48, 0.12), (0.92, 0.76, 0.22), (0.45, 0.27, 0.14), (0.60, 0.40, 0.20), *GREENS)


def fallen(rng, stand, outline, width, skins, stalk_from) -> Subject:
    """One to five leaves, lying or leaning, each with its stalk. width: against length."""
    subject, n = Subject(), pick(rng, 1, 1, 1, 2, 3, 4, 5)
    stalk = blend(rng, pick(rng, *AUTUMN), (0.35, 0.25, 0.15), cloudy())
    for x, y in places(rng, n, 0.42):
        size, a = rng.uniform(0.8, 1.1) * (0.9 if n == 1 else 0.55), rng.uniform(0, 2 * np.pi)
        rise = rng.uniform(0.4, 1.3) if rng.random() < 0.25 else rng.normal(0.06, 0.12)
        thing = Thing(rng, (np.cos(a), np.sin(a), np.tan(rise)), turn=False)
        roll = rng.normal(0, 0.25)
        c, s = np.cos(roll), np.sin(roll)
        axes = (thing.axes @ np.array([[1, 0, 0], [0, c, -s], [0, s, c]])).astype(np.float32)
        bends = rng.normal(0, 0.14) * size, rng.normal(0, 0.25) * size * width
        root = thing.at(-0.5 * size)
        sheet = Sheet(root, axes, size, width * size, outline, *bends, pick(rng, *skins))
        sheet.two_sided = True
        thing.core.append(sheet)
        u = stalk_from
        joint, reach = sheet.point([u], [0])[:, 0], rng.uniform(0.1, 0.35) * size
        end = joint - axes[:, 0] * reach + axes[:, 1] * rng.normal(0, 0.06) * size + [0, 0, 0.01]
        thing.extra += chain(
            [joint, (joint + end) / 2 - [0, 0, 0.01], end], np.array([0.01, 0.011, 0.014]) * size, stalk
        )
        thing.put(subject, stand, x, y, sink=-0.01)
    return subject


def maple_leaf(rng: np.random.Generator, stand) -> Subject:
    """Five pointed, toothed lobes that spread like a hand, in autumn colours or green."""
    wide = rng.uniform(0.48, 0.58)
    lobes = np.array([[0, 0.68], [rng.uniform(0.85, 1.05), 0.60], [rng.uniform(1.8, 2.1), 0.38]])
    body, sharp, teeth = rng.uniform(0.22, 0.32), rng.uniform(0.46, 0.62), rng.uniform(0.03, 0.07)

    def polar(u, v):
        x, y = u - 0.32, v * wide
        return np.hypot(x, y), np.abs(np.arctan2(y, x))

    def outline(u, v):
        r, a = polar(u, v)
        spikes = [(reach - body) * np.maximum(1 - np.abs(a - at) / sharp, 0) ** 1.1 for at, reach in lobes]
        tooth = teeth * (np.abs((a * 3.2) % 1 - 0.5) * 4 - 1) * np.minimum(r * 4, 1)
        return r < body + np.maximum.reduce(spikes) + tooth * (a < 2.5)

    def skin():
        vein, edge, lit = (
            vary(rng, pick(rng, *AUTUMN))[:, None],
            vary(rng, pick(rng, *AUTUMN))[:, None],
            rng.uniform(-0.4, 0.9),
        )
        depth = rng.uniform(0, 0.5)

        def color(u, p, noise):
            r, a = polar(u[0], u[1])
            line = sum(np.exp(-(((a - at) * r / 0.011) ** 2)) * (np.abs(a - at) < 0.5) for at, _ in lobes)
            t = step(
                r + 0.25 * noise(p * 7, 2) + 0.5 * np.minimum.reduce([np.abs(a - k) for k, _ in lobes]), depth, 0.7
            )
            return np.clip((vein * (1 - t) + edge * t) * (1 + lit * line + 0.22 * noise(p * 20, 2)), 0.004, 0.95)

        return Material(color, 0.04, 0.5, translucency=0.35, bump=0.12, bump_scale=14)

    return fallen(rng, stand, outline, wide, [skin(), skin()], 0.32 - body)


def oak_leaf(rng: np.random.Generator, stand) -> Subject:
    """Rounded lobes along both sides, widest beyond the middle, in brown, green or red."""
    lobes, depth, belly = rng.uniform(3.2, 5), rng.uniform(0.2, 0.4), rng.uniform(1.2, 1.7)

    def outline(u, v):
        envelope = np.maximum(np.sin(np.pi * np.minimum(u * 0.94 + 0.06, 1) ** belly), 0) ** 0.6
        wave = 1 - 2 * depth * (1 - np.sqrt(np.abs(np.cos(np.pi * (u * lobes - 0.2 * np.abs(v) + 0.15 * (v > 0))))))
        return np.abs(v) < np.maximum(envelope * wave, 0.05)

    def skin():
        base, edge = (pick(rng, *AUTUMN, *AUTUMN[3:5]) for _ in range(2))
        return veined(rng, base, edge, lobes, 1.2, 0.9)

    return fallen(rng, stand, outline, rng.uniform(0.24, 0.36), [skin(), skin()], 0.03)


# Fruit and vegetables.


def spun(a) -> np.ndarray:
    """Local axes turned about the first one by a."""
    c, s = np.cos(a), np.sin(a)
    return np.array([[1, 0, 0], [0, c, -s], [0, s, c]], np.float32)


def ribs(thing, n, offset, radii, material, x=0.0) -> list:
    """n upright ellipsoids around the axis: the lobes of a pumpkin, a cactus, an apple."""
    angles = 2 * np.pi * np.arange(n) / n
    return [thing.ball((x, offset * np.cos(a), offset * np.sin(a)), radii, material, spun(a)) for a in angles]


def fruit_axis(rng, upright=0.6):
    """Standing, or fallen over."""
    return leaning(rng, 0, 0.45) if rng.random() < upright else leaning(rng, 0.6, 2.2)


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
    rgb = np.array(pick(rng, *tones("4c753d 5c8061 758a4c 3d5c42")))
    ridge = pick(rng, rgb * 1.4, rgb * 0.6, np.array([0.8, 0.75, 0.5]))
    skin = blend(rng, rgb, ridge, lambda u, p, noise: step(u[1], 0.75, 1.0) + 0.2 * noise(p * 9, 2), bump=0.1)
    thorn = np.stack([vary(rng, c) for c in pick(rng, [(0.9, 0.85, 0.7)] * 2, [(0.75, 0.4, 0.2), (0.9, 0.8, 0.6)])], 1)
    petals = petal_skin(rng, *(pick(rng, *BLOOMS[:7]) for _ in range(2)))
    form, potted = rng.integers(3), rng.random() < 0.35
    subject, thing, length = Subject(), Thing(rng, leaning(rng, 0, 0.12)), rng.uniform(0.03, 0.1)
    tops, n = [], rng.integers(9, 15)
    if form == 0:
        for k in range(rng.integers(1, 4)):  # the large globe, then its offspring
            s, part = (0.5, Thing(rng, leaning(rng, 0, 0.2))) if k else (1.0, thing)
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
        flower_head = Thing(rng, thing.axes[:, 0])
        flower_head.ring(9, 0.005, 0.8, 0.11, 0.025, pointed, (-0.1, 0.2), petals)
        flower_head.shift(thing.at(*spot))
        thing.extra += flower_head.core
    if potted:
        clay = blend(rng, pick(rng, *tones("b86b47 d9d6cc"), *BLOOMS), (0.5, 0.35, 0.28), cloudy(), bump=0.1)
        low, r = thing.low() + 0.06, rng.uniform(0.2, 0.3)
        for x0, x1, r0, r1 in ((-0.3, 0, 0.7, 1.0), (-0.05, 0.03, 1.1, 1.12)):
            thing.core.append(Frustum(thing.at(low + x0), thing.at(low + x1), r * r0, r * r1, clay))
    thing.put(subject, stand, 0, 0, sink=0.0 if potted else 0.05)
    return subject


def pine_cone(rng: np.random.Generator, stand) -> Subject:
    """Woody scales in spirals around an egg-shaped core, closed or wide open."""
    base = np.array(pick(rng, *tones("6b472b 8f6642 4c382e 9e805c 616b33")))
    rim = pick(rng, base * 1.5, (0.75, 0.66, 0.52), (0.9, 0.88, 0.86), base * 0.7)
    skin = blend(
        rng, base * 0.6, rim, lambda u, p, noise: step(u[0] + 0.3 * noise(p * 20), 0.2, 0.95), 0.3, 26, bump=0.2
    )
    core, lift, slim = Material(vary(rng, base * 0.4)), rng.uniform(0.1, 1.15), rng.uniform(0.2, 0.34)
    count, sharp = rng.integers(56, 84), rng.uniform(0.6, 1.2)

    def build(s):
        thing = Thing(rng, fruit_axis(rng, 0.3))
        thing.ball((0, 0, 0), np.array([0.42, slim * 0.55, slim * 0.55]) * s, core)
        for i in range(count):
            t, a = (i + 0.5) / count, i * 2.39996
            r = slim * s * (np.sin(np.pi * t**0.75 * 0.93 + 0.15) ** sharp * 0.75 + 0.06)
            rise = lift + 0.9 * (1 - lift / 1.4) * t**2
            way = np.array([np.sin(rise), np.cos(rise) * np.cos(a), np.cos(rise) * np.sin(a)])
            size = (0.09 + 0.25 * r) * s**0.3
            radii = np.array([1.0, 0.62, 0.2]) * size
            thing.ball(np.array([(t - 0.5) * 0.78 * s, 0, 0]) + way * r * 0.7, radii, skin, rotation(way, (1, 0, 0)))
        return thing

    return group(rng, stand, (1, 1, 1, 2), 0.8, build)


def acorn(rng: np.random.Generator, stand) -> Subject:
    """A smooth pointed nut in a scaly cup with a stalk."""
    base = np.array(pick(rng, *tones("8c5c29 a8853d 6b8033 5c381f b8995c")))
    cup = np.array(pick(rng, *tones("735c42 8c7a5c 573d2b 757a47")))
    lines, rows, long, deep = rng.integers(8, 20), rng.uniform(14, 24), rng.uniform(0.3, 0.5), rng.uniform(0.14, 0.28)

    def stripes(u, p, noise):
        return 0.15 * np.sin(lines * np.arctan2(u[2], u[1])) + step(u[0], 0.2, 0.9) * 0.5 + 0.2 * noise(p * 8)

    def scales(u, p, noise):
        a = np.arctan2(u[2], u[1]) * 12
        return 0.5 + 0.5 * np.sin(rows * u[0] + a) * np.sin(rows * u[0] - a)

    nut = blend(rng, base, base * rng.uniform(0.4, 1.4), stripes, gloss=0.05, roughness=0.25)
    scaly, bare = blend(rng, cup * 0.72, cup * 1.1, scales, 0.3, 30, bump=0.3, bump_scale=36), rng.random()

    def build(s):
        thing = Thing(rng, leaning(rng, 0.9, 2.4))
        thing.core += [Dome(thing.axes, x * s, 0.22 * s, nut) for x in (long, -0.15)]
        thing.rod([(long * 0.9 * s, 0, 0), ((long + 0.06) * s, 0, 0)], [0.04 * s, 0.008 * s], nut)
        if bare > 0.15:
            thing.core.append(Dome(thing.axes, -deep * 1.2 * s, 0.255 * s, scaly))
            thing.lathe([(-0.01 * s, 0.254 * s), (0.05 * s, 0.245 * s)], scaly)
            bend = rng.normal(0, 0.05, 2) * s
            thing.rod([(-deep * 1.1 * s, 0, 0), (-(deep + 0.22) * s, *bend)], [0.035 * s, 0.025 * s], scaly)
        return thing

    return group(rng, stand, (1, 1, 2, 3, 4), 0.66, build)


def stalk_and_leaf(thing, x, s, long=0.16) -> None:
    """The stalk of an apple or pear, sometimes with a leaf."""
    rng = thing.rng
    bend = rng.normal(0, 0.05, 2) * s
    wood = blend(rng, (0.36, 0.26, 0.14), (0.45, 0.5, 0.25), cloudy())
    tip = (x + long * s, *bend)
    thing.rod([(x - 0.05 * s, 0, 0), tip], [0.016 * s, 0.02 * s], wood)
    if rng.random() < 0.4:
        skin = veined(rng, pick(rng, *GREENS), pick(rng, *GREENS))
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
    skins = pick(rng, *greens, *reds), pick(rng, *reds, *greens)
    tall, lobes = rng.uniform(0.26, 0.36), pick(rng, 5, 11, 13)

    def build(s):
        thing = Thing(rng, fruit_axis(rng))
        ribs(thing, lobes, 0.14 * s, np.array([tall, 0.25, 0.25]) * s, blush(rng, thing, skins, s))
        stalk_and_leaf(thing, tall * 0.8 * s, s)
        return thing

    return group(rng, stand, (1, 1, 1, 2, 3, 4), 0.84, build)


def pear(rng: np.random.Generator, stand) -> Subject:
    """A round belly and a narrow neck, green, yellow, russet or red."""
    shades = tones("a8b847 d6c252 997033 b83829 738c33")
    skins, neck, high = (pick(rng, *shades), pick(rng, *shades)), rng.uniform(0.1, 0.16), rng.uniform(0.32, 0.48)

    def build(s):
        thing = Thing(rng, fruit_axis(rng, 0.5))
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
    rgb = np.array(pick(rng, *tones("f0cc33 f2d64c ebbd29 9eb23d d99e26 994033")))
    spotty, freq = rng.uniform(-0.1, 0.9), rng.uniform(10, 30)
    end, n, thick, bow = (
        rng.uniform(0.40, 0.48),
        pick(rng, 1, 1, 2, 3, 4, 5),
        rng.uniform(0.06, 0.085),
        rng.uniform(0.1, 0.3),
    )
    thing, subject, a = Thing(rng, leaning(rng, 1.4, 1.6), turn=False), Subject(), rng.uniform(0, 0.5)

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
        thing = Thing(rng, leaning(rng, 0, 1.9) if part == 0 else leaning(rng, 0, 0.9))
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
    rgb = pick(rng, *tones("f0d629 f2cc1f dbbd24 739e2e"))
    return citrus(rng, stand, rgb, (0.90, 0.85, 0.45) if rgb[0] > 0.5 else (0.70, 0.80, 0.40), rng.uniform(0.1, 0.22))


def orange(rng: np.random.Generator, stand) -> Subject:
    """Round and pored, orange to red; whole, halved or sliced."""
    rgb = pick(rng, *tones("f28c1a eb731a f5ad40 e05924"))
    return citrus(rng, stand, rgb, pick(rng, *tones("f08c1f cc3324 f29959")), 0.0)


def strawberry(rng: np.random.Generator, stand) -> Subject:
    """A red cone dotted with seeds under a star of green sepals."""
    rgb = np.array(pick(rng, *tones("d61a1f b80f1a e64c2e e02933")))
    pale, seed = pick(rng, rgb, rgb, np.array([0.88, 0.75, 0.55])), pick(rng, *tones("ebc759 66331a"))
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
        thing = Thing(rng, leaning(rng, 0.3, 2.0))
        thing.core += [Dome(thing.axes, x * s, wide * s, skin) for x in (0.13, -long)]
        thing.ring(sepals, 0.01, rise, 0.2 * s, 0.045 * s, pointed, (-0.3, 0.2), calyx, x=0.125 * s, mess=0.2)
        if fresh > 0.4:
            thing.rod([(0.1 * s, 0, 0), (0.3 * s, *rng.normal(0, 0.06, 2) * s)], [0.016 * s, 0.014 * s], calyx)
        return thing

    return group(rng, stand, (1, 1, 2, 3, 4, 5), 0.62, build)


def grapes(rng: np.random.Generator, stand) -> Subject:
    """A bunch of round or oval berries with a waxy bloom, tapering away from its stalk."""
    rgb = np.array(pick(rng, *tones("a3b852 38244c 731f38 242647 c7b861")))
    haze = rng.uniform(0.0, 0.8)
    skins = []
    for _ in range(3):
        tone = np.clip(rgb * rng.uniform(0.75, 1.3, 3), 0, 0.95)
        bloom = cloudy(1 - haze * 1.4, 1.6 - haze, 9)
        skin = blend(rng, tone, tone * 0.5 + np.array([0.3, 0.32, 0.36]), bloom, 0.1, gloss=0.06, roughness=0.2)
        skin.translucency = 0.25
        skins.append(skin)
    r, oval, long, fat = rng.uniform(0.055, 0.08), rng.uniform(1.0, 1.4), rng.uniform(0.4, 0.8), rng.uniform(0.14, 0.24)
    thing, subject, twig = Thing(rng, leaning(rng, 1.1, 1.7)), Subject(), green(rng, bump=0.2)
    levels = max(int(long / r / 1.25), 3)
    for k in range(levels):
        t = k / levels
        wide = fat * (1 - t) ** 0.8 * min(1, 0.7 + 3 * t)
        count = max(int(2 * np.pi * wide / r / 2.0), 1)
        for a in np.arange(count) * 2 * np.pi / count + k * 0.9:
            spot = (-long * t, wide * np.cos(a), wide * np.sin(a)) + rng.normal(0, 0.14 * r, 3)
            size = r * rng.uniform(0.85, 1.1)
            thing.ball(spot, (size * oval, size, size), pick(rng, *skins), spun(a))
    thing.rod(
        [(-long * 0.8, 0, 0), (0, 0, 0), (r + 0.1, 0.02, 0), (r + 0.22, 0.02, 0.05)], [0.02, 0.02, 0.018, 0.025], twig
    )
    if rng.random() < 0.4:
        skin = veined(rng, pick(rng, *GREENS), pick(rng, *AUTUMN))
        thing.ring(rng.integers(1, 3), 0.02, 0.2, 0.4, 0.16, broad, (-0.2, 0.2), skin, x=r + 0.1, core=False)
    thing.put(subject, stand, 0, 0)
    return subject


def pumpkin(rng: np.random.Generator, stand) -> Subject:
    """Ribbed, flat or tall, orange, green, white or striped, with a bent corky stalk."""
    rgb = np.array(pick(rng, *tones("e67a1a db611a e6d6b2 526b3d e6ad33")))
    other = pick(rng, rgb * 0.7, rgb * 0.8, (0.94, 0.80, 0.45), (0.25, 0.40, 0.18))
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
        thing = Thing(rng, leaning(rng, 0, 0.3 if rng.random() < 0.8 else 1.6))
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
    rgb = np.array(pick(rng, *tones("eb7a1f f08533 e6701a e6661a f0ad40 732e52 ebdbad")))
    blunt, leafy, thick = rng.uniform(0.1, 0.5), rng.random() < 0.75, rng.uniform(0.07, 0.12)
    leaf = np.stack([vary(rng, pick(rng, *GREENS)) for _ in range(3)], 1)
    stem = green(rng)

    def build(s):
        thing = Thing(rng, leaning(rng, 1.35, 1.65))

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


def pineapple(rng: np.random.Generator, stand) -> Subject:
    """A barrel of spiralling diamond-shaped eyes under a crown of stiff leaves."""
    rgb = np.array(pick(rng, *tones("cc942e 9e7529 8c8538 d1732e")))
    dark, subject = pick(rng, rgb * 0.45, np.array([0.35, 0.38, 0.16])), Subject()
    eye = blend(rng, rgb, dark, lambda u, p, noise: step(np.hypot(u[1], u[2]), 0.35, 0.9) + 0.25 * noise(p * 30), 0.25)
    body = Material(vary(rng, np.array(dark) * 0.8))
    leaf = veined(rng, *(pick(rng, *GREENS) for _ in range(2)), pairs=1, strength=0.1)
    tall, wide, count = rng.uniform(0.26, 0.4), rng.uniform(0.17, 0.22), rng.integers(56, 76)
    thing = Thing(rng, leaning(rng, 0, 0.3) if rng.random() < 0.6 else leaning(rng, 1.3, 1.6))
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


def corn(rng: np.random.Generator, stand) -> Subject:
    """An ear with rows of kernels, yellow, white, red or many-coloured, some husk and silk."""
    shades = tones("f0c740 f2d159 ebb833 ebdb9e 8c1f1f 38294c e69926")
    many = rng.random() < 0.3
    palette = np.stack(
        [vary(rng, pick(rng, *shades)) for _ in range(4)] if many else [vary(rng, pick(rng, *shades))] * 4, 1
    )
    palette = palette * rng.uniform(0.8, 1.15, (1, 4))
    rows, across, seam = rng.integers(6, 9) * 2, rng.uniform(30, 46), np.float32(rng.uniform(0.25, 0.5))
    husk = [veined(rng, base, pick(rng, *GREENS), 9, 0, 0.1) for base in ((0.72, 0.74, 0.45), (0.55, 0.65, 0.3))]
    silk = np.stack([vary(rng, c) for c in ((0.75, 0.6, 0.3), (0.5, 0.3, 0.15))], 1)
    slim, leaves, open_ = rng.uniform(0.1, 0.15), rng.integers(0, 6), rng.uniform(0.9, 1.5)

    def build(s):
        thing = Thing(rng, leaning(rng, 1.3, 1.65))

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
    crust = np.array(pick(rng, *tones("a8662e c78a42 7a4724 d6a35c 573826")))
    crumb = np.array(pick(rng, *tones("ebd6ad cca875 99704c")))
    form, cuts, slant, flour = rng.integers(4), rng.uniform(4, 12), rng.uniform(-1.5, 1.5), rng.uniform(0.2, 1.3)
    seeds, cross = rng.random() < 0.35, rng.random() < 0.5
    grain = blend(rng, (0.9, 0.84, 0.66), (0.3, 0.22, 0.16), lambda u, p, noise: 0 * u[0] + float(rng.random() < 0.3))

    def build(s):
        a = rng.uniform(0, 6.3)
        thing = Thing(rng, (np.cos(a), np.sin(a), 0.05), turn=False)

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
    bold, stripes = [pick(rng, *BLOOMS) for _ in range(2)], rng.integers(4, 14)
    long, short = rng.uniform(0.36, 0.46), rng.uniform(0.27, 0.31)

    def speckled(u, p, noise):
        return step(noise(p * size, 2) + 0.3 * noise(p * 5), width, width + 0.15)

    def painted(u, p, noise):
        a = np.arctan2(u[2], u[1])
        return step(np.sin(stripes * u[0] + 2 * width * np.sin(round(stripes / 2) * a)), -0.2, 0.2)

    def build(s):
        tone = np.array(pick(rng, *shades))
        speck = pick(rng, *tones("472e1f 805940"), tone * 0.6)
        if form == 3:
            shell = blend(rng, *bold, painted, 0.08)
        else:
            shell = blend(rng, tone, speck if form == 2 else tone * 0.9, speckled, 0.06, 26, gloss=0.03, bump=0.03)
        cup = rng.random() < 0.15
        thing = Thing(rng, leaning(rng, 0, 0.2) if cup else leaning(rng, 1.2, 1.8))
        thing.core += [Dome(thing.axes, x * s, 0.28 * s, shell) for x in (long, -short)]
        if cup:
            glaze = blend(rng, pick(rng, *BLOOMS), pick(rng, *BLOOMS), cloudy(), gloss=0.06, roughness=0.2)
            profile = [(-0.62, 0.2), (-0.56, 0.07), (-0.42, 0.08), (-0.3, 0.2), (-0.08, 0.3)]
            thing.lathe([(x * s, r * s) for x, r in profile], glaze)
        return thing

    return group(rng, stand, (1, 1, 2, 3, 4, 5), 0.72, build)


PLANTS = {
    "daisy": daisy,
    "tulip": tulip,
    "rose": rose,
    "sunflower": sunflower,
    "poppy": poppy,
    "bellflower": bellflower,
    "mushroom": mushroom,
    "toadstool": toadstool,
    "fern": fern,
    "clover": clover,
    "maple leaf": maple_leaf,
    "oak leaf": oak_leaf,
    "cactus": cactus,
    "pine cone": pine_cone,
    "acorn": acorn,
    "apple": apple,
    "pear": pear,
    "banana": banana,
    "lemon": lemon,
    "orange": orange,
    "strawberry": strawberry,
    "grapes": grapes,
    "pumpkin": pumpkin,
    "carrot": carrot,
    "pineapple": pineapple,
    "corn": corn,
    "bread": bread,
    "egg": egg,
}
