"""What plants and food are built with: colours, skins, outlines of leaves, and the `Model` that every part hangs on.

The first local axis of a `Model` is its own: up the stem, through the fruit.
"""

import numpy as np

from ..backgrounds import pick, vary
from ..camera import normalize
from ..insects import chain
from ..primitives import Ellipsoid, Frustum, RoundCone, Sheet, Strands, dot, rotation
from ..scene import Material, Subject


def tones(text):
    """sRGB colours (3,) from their six-digit hexadecimal names."""
    return [np.array([int(name[i : i + 2], 16) for i in (0, 2, 4)]) / 255 for name in text.split()]


GREENS = tones("4c7a2e 6b8c38 386133 738f66 85943d")
BLOOMS = tones("edebe0 e62924 f2cc24 eb85ad 8f3d9e f28024 cc1f6b 571433 f7dba8 9e99e0")
AUTUMN = ((0.80, 0.16, 0.10), (0.90, 0.48, 0.12), (0.92, 0.76, 0.22), (0.45, 0.27, 0.14), (0.60, 0.40, 0.20), *GREENS)


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
    rgb = np.array(pick(rng, GREENS))
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


# Outlines of sheets: u from root to tip, v across.


def pointed(u, v):
    return np.abs(v) < 1.95 * u**0.7 * (1 - u) ** 0.6


def broad(u, v):
    return np.abs(v) < (0.15 + 0.85 * u**0.6) * np.sqrt(1 - u**5)


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


class Model:
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
    """Several of a thing side by side, smaller when they are many. build(scale) -> Model."""
    subject, n = Subject(), pick(rng, counts)
    scale = (1.0, 0.66, 0.58, 0.5, 0.45, 0.42)[n - 1]
    for x, y in places(rng, n, gap * scale):
        build(scale * rng.uniform(0.88, 1.1)).put(subject, stand, x, y)
    return subject


def leaning(rng, low=0.0, high=0.5):
    """A direction low to high radians away from straight up."""
    a, t = rng.uniform(0, 2 * np.pi), rng.uniform(low, high)
    return np.array([np.cos(a) * np.sin(t), np.sin(a) * np.sin(t), np.cos(t)], np.float32)


def fruit_axis(rng, upright=0.6):
    """Standing, or fallen over."""
    return leaning(rng, 0, 0.45) if rng.random() < upright else leaning(rng, 0.6, 2.2)


def spun(a) -> np.ndarray:
    """Local axes turned about the first one by a."""
    c, s = np.cos(a), np.sin(a)
    return np.array([[1, 0, 0], [0, c, -s], [0, s, c]], np.float32)


def ribs(thing, n, offset, radii, material, x=0.0) -> list:
    """n upright ellipsoids around the axis: the lobes of a pumpkin, a cactus, an apple."""
    angles = 2 * np.pi * np.arange(n) / n
    return [thing.ball((x, offset * np.cos(a), offset * np.sin(a)), radii, material, spun(a)) for a in angles]
