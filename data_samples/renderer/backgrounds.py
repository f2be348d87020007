"""Everything around the subject: ground, clutter, light, viewpoint. Nothing here knows the subject's class."""

from dataclasses import dataclass, replace

import numpy as np

from .camera import normalize
from .light import Lighting, sample_lighting
from .noise import cellular, lookup, spectral
from .primitives import Ellipsoid, RoundCone, Sheet, Strands, rotation
from .scene import Material, srgb

SIZE = 512  # texels of a ground texture, a power of two


def pick(rng: np.random.Generator, options):
    """One of the options (a sequence), at random."""
    return options[rng.integers(len(options))]


def vary(rng: np.random.Generator, rgb, amount: float = 0.06) -> np.ndarray:
    """An sRGB colour moved a little at random, as linear light."""
    shift = rng.normal(0, amount) + rng.normal(0, amount / 3, 3)
    return srgb(*np.clip(np.asarray(rgb) + shift, 0.02, 0.98))


def mix(a, b, t: np.ndarray) -> np.ndarray:
    """Colours a to b (3,) by t (n, n) in [0, 1], as (n, n, 3)."""
    return np.asarray(a) + (np.asarray(b) - np.asarray(a)) * np.clip(t, 0, 1)[..., None]


# Each ground returns height (n, n) in units, colour (n, n, 3), gloss, translucency, the texture's period in units and
# the strength of the fine grain laid over it.


def soil(rng):
    f1, _, tone = cellular(rng, SIZE, rng.integers(26, 44))
    g1, _, grain = cellular(rng, SIZE, 90)
    clouds, rough = spectral(rng, SIZE, 2.4), spectral(rng, SIZE, 1.6)
    crumb = np.sqrt(np.maximum(0, 1 - (f1 / 0.65) ** 2)) * (0.3 + tone) + 0.35 * np.sqrt(np.maximum(0, 1 - g1**2))
    base = [(0.36, 0.25, 0.17), (0.45, 0.33, 0.22), (0.30, 0.27, 0.25), (0.52, 0.33, 0.22), (0.60, 0.48, 0.34)]
    base = pick(rng, base)
    tint = 0.45 + 0.22 * clouds + 0.3 * (tone - 0.5) + 0.2 * (grain - 0.5)
    color = mix(vary(rng, base) * 0.55, vary(rng, base) * 1.5, tint)
    color *= (0.55 + 0.5 * crumb)[..., None]
    return 0.035 * crumb + 0.012 * clouds + 0.004 * rough, color, 0.015, 0.0, 2.6, 0.35


def sand(rng):
    f1, _, tone = cellular(rng, SIZE, 120)
    dune, fine = spectral(rng, SIZE, 3.0), spectral(rng, SIZE, 0.8)
    base = [(0.80, 0.70, 0.53), (0.86, 0.80, 0.70), (0.70, 0.58, 0.44), (0.62, 0.60, 0.58)][rng.integers(4)]
    color = mix(vary(rng, base) * 0.7, vary(rng, base) * 1.1, 0.5 + 0.2 * dune + 0.14 * fine + 0.6 * (tone - 0.5))
    color *= np.where(tone > 0.93, 0.45, 1.0)[..., None]
    return 0.035 * dune + 0.008 * np.maximum(0, 0.8 - f1) + 0.002 * fine, color, 0.03, 0.0, 2.6, 0.35


def stone(rng):
    clouds, fine, fine2 = spectral(rng, SIZE, 2.4), spectral(rng, SIZE, 1.2), spectral(rng, SIZE, 1.8)
    f1, f2, tone = cellular(rng, SIZE, rng.integers(3, 6))
    crack = np.exp(-(((f2 - f1 + 0.03 * fine2) / 0.03) ** 2)) * rng.uniform(0, 1)
    base = [(0.52, 0.50, 0.47), (0.40, 0.42, 0.45), (0.66, 0.62, 0.56), (0.58, 0.42, 0.34), (0.34, 0.33, 0.33)]
    base = pick(rng, base)
    color = mix(vary(rng, base) * 0.6, vary(rng, base) * 1.35, 0.5 + 0.2 * clouds + 0.16 * fine2 + 0.12 * fine)
    lichen = np.clip((spectral(rng, SIZE, 2.0) - rng.uniform(1.0, 2.4)) * 3, 0, 1)
    tints = [(0.70, 0.68, 0.30), (0.62, 0.68, 0.56), (0.80, 0.55, 0.20)]
    patch = vary(rng, tints[rng.integers(3)]) * (0.8 + 0.1 * fine[..., None])
    color = color * (1 - lichen[..., None]) + lichen[..., None] * patch
    color *= (1 - 0.75 * crack)[..., None]
    return 0.03 * clouds + 0.010 * fine2 + 0.003 * fine - 0.04 * crack + 0.006 * lichen, color, 0.03, 0.0, 2.8, 0.3


def leaf(rng):
    y, x = np.mgrid[0 : 1 : SIZE * 1j, 0 : 1 : SIZE * 1j].astype(np.float32)
    clouds, fine = spectral(rng, SIZE, 2.4), spectral(rng, SIZE, 1.4)
    f1, f2, tone = cellular(rng, SIZE, rng.integers(30, 55))
    wobble = 0.004 * clouds
    middle = np.abs(x - 0.5 + wobble)
    pairs = rng.integers(5, 9)
    phase = (y * pairs - middle * pairs * rng.uniform(0.7, 1.3) + 0.35 * (x > 0.5) + wobble * 9) % 1
    side = np.exp(-(((np.minimum(phase, 1 - phase)) / (0.035 - 0.03 * middle)) ** 2))
    main = np.exp(-((middle / 0.011) ** 2))
    net = np.exp(-(((f2 - f1) / 0.08) ** 2))
    vein = np.maximum(main, 0.75 * side)
    base = [
        (0.29, 0.42, 0.22),
        (0.38, 0.50, 0.24),
        (0.24, 0.34, 0.21),
        (0.50, 0.54, 0.28),
        (0.58, 0.45, 0.26),
        (0.48, 0.28, 0.22),
        (0.36, 0.45, 0.34),
    ][rng.integers(7)]
    green = vary(rng, base)
    color = mix(green * 0.75, green * 1.35, 0.5 + 0.22 * clouds + 0.1 * fine + 0.2 * (tone - 0.5))
    color = color + (np.maximum(vein * 0.6, net * 0.16))[..., None] * (green * 1.1 + 0.06)
    spots = np.clip((spectral(rng, SIZE, 1.9) - rng.uniform(1.6, 3.2)) * 3, 0, 1)[..., None]
    color = color * (1 - spots) + spots * vary(rng, (0.42, 0.28, 0.14))
    height = 0.05 * spectral(rng, SIZE, 3.4) + 0.006 * np.minimum(f1, 0.6) - 0.014 * vein - 0.003 * net + 0.001 * fine
    return height, color, 0.05, 0.25, 3.4, 0.12


def petal(rng):
    y, x = np.mgrid[0 : 1 : SIZE * 1j, 0 : 1 : SIZE * 1j].astype(np.float32)
    clouds, streak = spectral(rng, SIZE, 2.6), spectral(rng, SIZE, 1.5, stretch=14).T
    base = [
        (0.90, 0.62, 0.72),
        (0.92, 0.86, 0.80),
        (0.90, 0.76, 0.25),
        (0.70, 0.60, 0.82),
        (0.84, 0.46, 0.44),
        (0.93, 0.90, 0.86),
        (0.92, 0.58, 0.30),
    ][rng.integers(7)]
    light, dark = vary(rng, base), vary(rng, base) * np.array([0.8, 0.6, 0.62])
    color = mix(light, dark, 0.28 + 0.16 * streak + 0.2 * clouds)
    ridge = np.sin(2 * np.pi * (x * rng.integers(8, 16) + 0.08 * clouds))
    color *= (0.93 + 0.07 * ridge)[..., None]
    return 0.05 * spectral(rng, SIZE, 3.4) + 0.0025 * streak + 0.005 * ridge, color, 0.03, 0.35, 3.2, 0.1


def bark(rng):
    f1, f2, tone = cellular(rng, SIZE, rng.integers(12, 20), stretch=3)
    fibre, clouds, fine = spectral(rng, SIZE, 1.8, stretch=8).T, spectral(rng, SIZE, 2.4), spectral(rng, SIZE, 1.4)
    plate = np.clip((f2 - f1 + 0.08 * fibre) / 0.35, 0, 1) ** 0.6
    base = [(0.42, 0.33, 0.25), (0.50, 0.44, 0.38), (0.36, 0.26, 0.20), (0.62, 0.56, 0.50), (0.48, 0.32, 0.20)]
    base = pick(rng, base)
    color = mix(vary(rng, base) * 0.35, vary(rng, base) * 1.25, 0.1 + 0.55 * plate + 0.14 * fibre + 0.12 * clouds)
    moss = np.clip((clouds + 0.4 * fine - rng.uniform(0.9, 2.6)) * 2, 0, 1)[..., None]
    color = color * (1 - moss) + moss * vary(rng, (0.36, 0.45, 0.16)) * (0.8 + 0.12 * fine[..., None])
    height = 0.06 * plate + 0.012 * fibre + 0.02 * clouds + 0.004 * fine + 0.02 * moss[..., 0]
    return height, color, 0.015, 0.0, 2.6, 0.35


def wood(rng):
    y, x = np.mgrid[0 : 1 : SIZE * 1j, 0 : 1 : SIZE * 1j].astype(np.float32)
    fibre, clouds = spectral(rng, SIZE, 1.6, stretch=16).T, spectral(rng, SIZE, 3.0, stretch=3).T
    rings = np.sin(2 * np.pi * (x * rng.integers(8, 18) + 0.35 * clouds))
    base = [(0.66, 0.48, 0.30), (0.50, 0.34, 0.20), (0.74, 0.62, 0.45), (0.55, 0.50, 0.45)][rng.integers(4)]
    color = mix(vary(rng, base) * 0.6, vary(rng, base) * 1.15, 0.55 + 0.22 * rings + 0.16 * fibre)
    gap = np.exp(-((((x * rng.integers(1, 4)) % 1 - 0.5) / 0.008) ** 2)) * (rng.random() < 0.6)
    color *= (1 - 0.8 * gap)[..., None]
    return 0.006 * fibre + 0.004 * rings - 0.05 * gap + 0.01 * clouds, color, 0.035, 0.0, 3.0, 0.15


def cloth(rng):
    y, x = np.mgrid[0 : 1 : SIZE * 1j, 0 : 1 : SIZE * 1j].astype(np.float32)
    clouds, fine = spectral(rng, SIZE, 3.0), spectral(rng, SIZE, 0.8)
    threads = rng.integers(44, 64)
    u, v = x * threads + 0.15 * clouds, y * threads + 0.15 * spectral(rng, SIZE, 3.0)
    over = (np.floor(u) + np.floor(v)) % 2
    warp, weft = np.abs(np.sin(np.pi * u)), np.abs(np.sin(np.pi * v))
    weave = np.where(over > 0, warp * (0.7 + 0.3 * weft), weft * (0.7 + 0.3 * warp))
    base = [
        (0.80, 0.76, 0.68),
        (0.35, 0.42, 0.55),
        (0.62, 0.30, 0.28),
        (0.45, 0.50, 0.36),
        (0.74, 0.60, 0.35),
        (0.38, 0.36, 0.36),
        (0.60, 0.52, 0.62),
    ][rng.integers(7)]
    one, two = vary(rng, base), vary(rng, base) * rng.uniform(0.5, 1.5)
    check = ((np.floor(u / 8) % 2 if rng.random() < 0.3 else 0) + over * 0.35) * np.ones_like(x)
    color = mix(one, two, check) * (0.55 + 0.5 * weave + 0.05 * fine)[..., None]
    return 0.012 * weave + 0.05 * clouds + 0.001 * fine, color, 0.01, 0.05, 2.4, 0.15


def paving(rng):
    f1, f2, tone = cellular(rng, SIZE, rng.integers(8, 16))
    clouds, fine = spectral(rng, SIZE, 2.2), spectral(rng, SIZE, 1.3)
    round_top = np.clip((f2 - f1) / 0.3, 0, 1) ** 0.5
    base = [(0.55, 0.52, 0.48), (0.60, 0.45, 0.36), (0.45, 0.46, 0.50), (0.70, 0.66, 0.58)][rng.integers(4)]
    color = mix(vary(rng, base) * 0.6, vary(rng, base) * 1.3, 0.5 + 0.7 * (tone - 0.5) + 0.14 * clouds + 0.12 * fine)
    color *= (0.35 + 0.65 * round_top)[..., None]
    return 0.05 * round_top + 0.015 * clouds + 0.004 * fine, color, 0.03, 0.0, 2.6, 0.3


GROUNDS = (soil, sand, stone, leaf, leaf, petal, bark, wood, cloth, paving)


class Ground:
    """A relief z = height(x, y), its colour, and how it shades itself; optionally a stem lying above it.

    maps: (SIZE, SIZE, 9): height, slope x, slope y, red, green, blue, cavity, sun, tone of the fine detail.
    """

    def __init__(self, rng: np.random.Generator, lighting: Lighting):
        kind = pick(rng, GROUNDS)
        self.kind = kind.__name__
        height, color, self.gloss, self.translucency, period, self.grain = kind(rng)
        grey = color.mean(2, keepdims=True)
        color = grey + (color - grey) * rng.uniform(0.55, 1.0)
        self.period = np.float32(period * rng.uniform(0.8, 1.5))
        turn = rng.uniform(0, 2 * np.pi)
        self.turn = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]], np.float32)
        self.offset = rng.random((2, 1), dtype=np.float32)
        self.roughness = rng.uniform(0.35, 0.8)
        height = (height * rng.uniform(0.6, 1.2) * self.period / 2.8).astype(np.float32)
        height -= height.mean()
        texel = self.period / SIZE
        slope_y, slope_x = (np.roll(height, -1, a) - np.roll(height, 1, a) for a in (0, 1))
        maps = [
            height,
            slope_x / (2 * texel),
            slope_y / (2 * texel),
            *np.moveaxis(np.clip(color, 0.004, 0.95), 2, 0),
            self._cavity(height, texel),
            self._sun(height, texel, lighting),
        ]
        self.maps = np.stack(maps, -1).astype(np.float32)
        fine = spectral(rng, 256, 1.5)
        self.detail = np.stack([fine, np.roll(fine, -1, 1) - fine, np.roll(fine, -1, 0) - fine], -1)
        self.top, self.bottom = float(height.max()), float(height.min())
        self.lowered = 0.0
        blob = np.clip(spectral(rng, 128, 3.2) * 0.3 + 0.6, 0.1, 1.3)
        dark, pale = vary(rng, (0.25, 0.35, 0.2), 0.12), vary(rng, (0.6, 0.6, 0.5), 0.12)
        self.scenery = mix(dark, pale, blob).astype(np.float32)

    @staticmethod
    def _cavity(height, texel):
        """Ambient occlusion of the relief: lower than its surroundings is darker."""
        occlusion = np.zeros_like(height)
        for reach in (2, 5, 12):
            around = sum(np.roll(height, s, a) for a in (0, 1) for s in (-reach, reach)) / 4
            occlusion += np.maximum(around - height, 0) / (reach * texel)
        return 1 / (1 + 0.9 * occlusion)

    def _sun(self, height, texel, lighting):
        """Share of the key light that passes over the relief, by walking towards the light."""
        horizontal = self.turn @ lighting.key[:2]
        rise = lighting.key[2] / max(np.hypot(*horizontal), 1e-3)
        step = horizontal / max(np.hypot(*horizontal), 1e-3)
        gate = np.full_like(height, 1.0)
        soft = max(np.tan(lighting.key_radius), 0.05)
        for reach in (2, 4, 7, 11, 16, 24):
            there = np.roll(height, (-int(round(step[1] * reach)), -int(round(step[0] * reach))), (0, 1))
            clear = (reach * texel * rise - (there - height)) / (reach * texel * soft)
            gate = np.minimum(gate, np.clip(clear * 0.5 + 0.5, 0, 1))
        return gate

    def _uv(self, x, y):
        return (self.turn @ np.stack([x, y])) / self.period + self.offset

    def height(self, x, y) -> np.ndarray:
        """Height of the relief at world x, y (n,)."""
        u, v = self._uv(np.asarray(x, np.float32), np.asarray(y, np.float32))
        return lookup(self.maps[..., :1], u, v)[:, 0] - self.lowered

    def color(self, x: float, y: float) -> np.ndarray:
        """Linear RGB (3,) of the ground at x, y."""
        u, v = self._uv(np.array([x], np.float32), np.array([y], np.float32))
        return lookup(self.maps[..., 3:6], u, v)[0]

    def place(self, x: float, y: float) -> np.ndarray:
        """Where a foot put down at x, y stands (3,)."""
        return np.array([x, y, self.height(np.array([x]), np.array([y]))[0]], np.float32)

    def intersect(self, o, d) -> np.ndarray:
        """Distance along rays (inf beyond 14 units): the plane first, then a few steps to the relief."""
        down = np.minimum(d[2], -1e-3)
        t = (-self.lowered + 0.3 * self.top - o[2]) / down
        for _ in range(4):
            h = self.height(o[0] + t * d[0], o[1] + t * d[1])
            t = 0.3 * t + 0.7 * (h - o[2]) / down
        return np.where((d[2] < -1e-2) & (t < 14) & (t > 0), t, np.inf).astype(np.float32)

    def paint(self, at, p, n, surface) -> None:
        """Normals and material of the ground pixels `at`, whose points are p (3, k)."""
        u, v = self._uv(p[0], p[1])
        m = lookup(self.maps, u, v).T
        fine = lookup(self.detail, u * 7.3, v * 7.3).T
        slope = self.turn.T @ (m[1:3] + self.grain * fine[1:3])
        n[:, at] = normalize(np.stack([-slope[0], -slope[1], np.ones_like(slope[0])]))
        surface["albedo"][:, at] = np.clip(m[3:6] * (1 + 0.3 * self.grain * fine[0]), 0.003, 0.95)
        surface["gloss"][at], surface["roughness"][at] = self.gloss, self.roughness
        surface["translucency"][at] = self.translucency
        surface["cavity"][at], surface["sun"][at] = m[6], m[7]

    def backdrop(self, d, lighting: Lighting) -> np.ndarray:
        """Out-of-focus surroundings for rays that miss everything: (3, n)."""
        azimuth = np.arctan2(d[1], d[0]) / (2 * np.pi)
        seen = lookup(self.scenery, azimuth, 0.25 * d[2] + 0.5).T
        return seen * (lighting.horizon[:, None] + 0.4 * lighting.key_color[:, None]) * 0.9


class Stem:
    """A round stem or twig along x to stand on, above a lowered ground."""

    def __init__(self, rng: np.random.Generator, ground: Ground):
        self.ground, self.radius = ground, rng.uniform(0.13, 0.24)
        self.kind = "stem"
        base = [(0.34, 0.46, 0.18), (0.45, 0.34, 0.22), (0.52, 0.50, 0.30), (0.40, 0.25, 0.16)][rng.integers(4)]
        one, two = vary(rng, base), vary(rng, base) * 0.6

        def color(u, p, noise):
            t = np.clip(0.5 + 0.5 * noise(np.stack([p[0] * 5, p[1] * 24, p[2] * 24]), 2), 0, 1)
            return one[:, None] * (1 - t) + two[:, None] * t

        bark = Material(color, gloss=0.03, roughness=0.6, bump=0.25, bump_scale=16)
        tilt = rng.normal(0, 0.12, 2)
        ends = [np.array([s * 4.0, s * tilt[0], -self.radius + s * tilt[1] * 0], np.float32) for s in (-1, 1)]
        self.slope = tilt[0] / 4.0
        self.solids = [RoundCone(ends[0], ends[1], self.radius * 1.1, self.radius * 0.9, bark)]

    def place(self, x: float, y: float) -> np.ndarray:
        """Feet further out reach further round the stem."""
        a = np.clip(0.55 * y / self.radius, -1.15, 1.15)
        r = self.radius * (1 - 0.025 * x)
        return np.array([x, self.slope * x + r * np.sin(a), r * np.cos(a) - self.radius], np.float32)


# Clutter. Each returns (solids, strands) standing at (x, y) on the ground.


def pebble(rng, ground, x, y):
    base = [(0.55, 0.52, 0.48), (0.36, 0.33, 0.31), (0.72, 0.66, 0.56), (0.50, 0.36, 0.28)][rng.integers(4)]
    color = vary(rng, base)
    dark = color * 0.55

    def speckle(u, p, noise):
        t = np.clip(0.5 + 0.6 * noise(p * 26, 2), 0, 1)
        return color[:, None] * t + dark[:, None] * (1 - t)

    material = Material(speckle, gloss=0.04, roughness=rng.uniform(0.25, 0.7), bump=0.3, bump_scale=11)
    size = 0.03 * np.exp(rng.normal(0.4, 0.55))
    solids = []
    for _ in range(2):
        radii = size * rng.uniform([0.8, 0.6, 0.45], [1.3, 1.0, 0.75])
        at = ground.place(x + rng.normal(0, size * 0.25), y + rng.normal(0, size * 0.25))
        axes = rotation(rng.normal(0, 1, 3) * [1, 1, 0.3])
        solids.append(Ellipsoid(at + [0, 0, radii[2] * 0.45], radii, axes, material))
    return solids, []


def twig(rng, ground, x, y):
    base = [(0.40, 0.30, 0.20), (0.55, 0.44, 0.28), (0.30, 0.24, 0.20)][rng.integers(3)]
    color = vary(rng, base)
    material = Material(
        lambda u, p, noise: color[:, None] * (0.8 + 0.35 * noise(p * 30, 2)), 0.02, 0.7, bump=0.35, bump_scale=24
    )
    a, length, r = rng.uniform(0, 2 * np.pi), rng.uniform(0.3, 1.1), rng.uniform(0.012, 0.04)
    p, solids = ground.place(x, y) + [0, 0, r], []
    for _ in range(4):
        a += rng.normal(0, 0.25)
        q = ground.place(p[0] + np.cos(a) * length / 4, p[1] + np.sin(a) * length / 4)
        q = q + [0, 0, r + rng.uniform(0, 0.03)]
        solids.append(RoundCone(p, q, r, r * 0.88, material))
        p, r = q, r * 0.88
    return solids, []


def _leaf_outline(u, v):
    return np.abs(v) < 2.6 * u**0.7 * (1 - u) ** 0.6 * 0.75


def _blade_outline(u, v):
    return np.abs(v) < (1 - u**2.5)


def leaf_bit(rng, ground, x, y):
    base = [
        (0.42, 0.30, 0.16),
        (0.36, 0.48, 0.18),
        (0.62, 0.46, 0.20),
        (0.86, 0.62, 0.70),
        (0.90, 0.86, 0.76),
        (0.55, 0.22, 0.16),
    ][rng.integers(6)]
    color = vary(rng, base)

    def veined(u, p, noise):
        side = np.abs((u[0] * 7 - np.abs(u[1]) * 1.5) % 1 - 0.5) * 2
        vein = np.exp(-((u[1] / 0.05) ** 2)) + 0.5 * (side > 0.88)
        return color[:, None] * (0.8 + 0.25 * noise(p * 14, 2) + 0.35 * vein)

    material = Material(veined, 0.03, 0.5, translucency=0.3, bump=0.15, bump_scale=18)
    a, size = rng.uniform(0, 2 * np.pi), rng.uniform(0.15, 0.5)
    axes = rotation([np.cos(a), np.sin(a), rng.uniform(0, 0.25)], [rng.normal(0, 0.2), rng.normal(0, 0.2), 1])
    return [
        Sheet(
            ground.place(x, y) + [0, 0, 0.02],
            axes,
            size,
            size * rng.uniform(0.25, 0.5),
            _leaf_outline,
            rng.uniform(-0.05, 0.12) * size,
            rng.uniform(0.0, 0.15) * size,
            material,
        )
    ], []


def grass(rng, ground, x, y):
    base = [(0.36, 0.50, 0.16), (0.50, 0.58, 0.24), (0.62, 0.55, 0.32), (0.24, 0.40, 0.18)][rng.integers(4)]
    color = vary(rng, base)

    def ribs(u, p, noise):
        return color[:, None] * (0.85 + 0.18 * np.sin(u[1] * 16) + 0.15 * noise(p * 8))

    material = Material(ribs, 0.04, 0.45, translucency=0.7)
    a, lean = rng.uniform(0, 2 * np.pi), rng.uniform(0.0, 1.0)
    length = rng.uniform(0.5, 1.5)
    axes = rotation([np.cos(a) * lean, np.sin(a) * lean, 1.0], [np.cos(a), np.sin(a), -lean])
    return [
        Sheet(
            ground.place(x, y),
            axes,
            length,
            rng.uniform(0.015, 0.045),
            _blade_outline,
            -rng.uniform(0.0, 0.3) * length,
            0.015,
            material,
        )
    ], []


def droplet(rng, ground, x, y):
    r = rng.uniform(0.02, 0.06)
    at = ground.place(x, y)
    under = ground.color(x, y)

    def lens(u, p, noise):  # bright where the light that crossed the drop comes out again
        return under[:, None] * (0.55 + 0.9 * np.clip(0.7 - u[2], 0, 1))

    material = Material(lens, gloss=0.05, roughness=0.08, translucency=0.5)
    return [Ellipsoid(at, [r, r, r * 0.75], None, material)], []


def moss(rng, ground, x, y):
    n = 260
    radius = rng.uniform(0.08, 0.25)
    base = [(0.38, 0.50, 0.16), (0.55, 0.55, 0.25), (0.28, 0.42, 0.20)][rng.integers(3)]
    spot = rng.normal(0, radius, (2, n)).astype(np.float32)
    root = np.stack([x + spot[0], y + spot[1], ground.height(x + spot[0], y + spot[1])]).astype(np.float32)
    up = normalize(np.stack([*rng.normal(0, 0.45, (2, n)), np.ones(n)]).astype(np.float32))
    color = (vary(rng, base)[:, None] * rng.uniform(0.5, 1.3, n)).astype(np.float32)
    normal = np.tile(np.float32([[0], [0], [1]]), n)
    return [], [Strands(root, up, normal, rng.uniform(0.03, 0.10, n), color, 0.006)]


CLUTTER = (pebble, pebble, pebble, twig, leaf_bit, leaf_bit, grass, grass, droplet, moss)


@dataclass
class Setting:
    """A scene without its subject. Angles in radians, blur in final pixels."""

    lighting: Lighting
    ground: Ground
    stand: object
    clutter: list
    strands: list
    azimuth: float
    elevation: float
    roll: float
    fov: float
    extent: float
    shift: np.ndarray
    blur: float
    brightness: float
    vignette: float
    noise: float
    saturation: float
    balance: float


def sample_setting(rng: np.random.Generator) -> Setting:
    """Draws ground, light, clutter and viewpoint. It isn't told the class, so none of these can give it away."""
    lighting = sample_lighting(rng)
    ground = Ground(rng, lighting)
    azimuth, elevation = sample_angle(rng)
    on_stem = rng.random() < 0.15
    stand = Stem(rng, ground) if on_stem else ground
    ground.lowered = rng.uniform(0.8, 2.5) if on_stem else 0.0
    clutter, strands = (list(stand.solids), []) if on_stem else ([], [])
    kinds = [CLUTTER[i] for i in rng.integers(len(CLUTTER), size=3)]
    towards = np.array([np.cos(azimuth), np.sin(azimuth)])
    for _ in range(rng.integers(3, 26)):
        kind = kinds[rng.integers(3)]
        r, a = rng.uniform(0.5, 1.9), rng.uniform(0, 2 * np.pi)
        if kind is grass and rng.random() < 0.3:  # some blades stand between the camera and the subject
            x, y = towards * rng.uniform(0.4, 1.2) + rng.normal(0, 0.35, 2)
        else:
            x, y = r * np.cos(a), r * np.sin(a)
        solids, hairs = kind(rng, ground, x, y)
        clutter += solids
        strands += hairs
    return Setting(lighting, ground, stand, clutter, strands, azimuth, elevation, **sample_lens(rng))


def sample_angle(rng: np.random.Generator) -> tuple[float, float]:
    """From which side the camera looks, and from how high (azimuth and elevation, radians)."""
    return rng.uniform(0, 2 * np.pi), np.arcsin(rng.uniform(np.sin(np.radians(18)), np.sin(np.radians(80))))


def sample_lens(rng: np.random.Generator) -> dict:
    """The fields of a Setting that belong to the camera."""
    return dict(
        roll=rng.normal(0, 0.25),
        fov=np.radians(rng.uniform(16, 40)),
        extent=np.exp(rng.uniform(np.log(0.40), np.log(1.0))),
        shift=rng.uniform(-1, 1, 2),
        blur=rng.uniform(0.3, 2.2),
        brightness=0.27 * 2 ** rng.uniform(-0.6, 0.6),
        vignette=rng.uniform(0, 0.45),
        noise=rng.uniform(0.01, 0.06),
        saturation=rng.uniform(0.7, 1.05),
        balance=rng.uniform(0.45, 0.95),
    )


def look_again(rng: np.random.Generator, setting: Setting) -> Setting:
    """The same scene through another camera from another side."""
    azimuth, elevation = sample_angle(rng)
    return replace(setting, azimuth=azimuth, elevation=elevation, **sample_lens(rng))
