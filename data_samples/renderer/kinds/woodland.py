"""What lies or grows on the floor of a wood: mushrooms, ferns, clover, fallen leaves, pine cones, acorns."""

import numpy as np

from ..backgrounds import pick, vary
from ..camera import normalize
from ..insects import chain
from ..primitives import Ellipsoid, Sheet, rotation
from ..scene import Material, Subject
from .plant_model import (
    AUTUMN,
    GREENS,
    Dome,
    Model,
    blend,
    cloudy,
    fruit_axis,
    green,
    group,
    leaning,
    places,
    step,
    tones,
    veined,
)


def fungus(rng, stand, spotted: bool) -> Subject:
    """Cap, gills, stalk: bell, dome, disc or funnel shaped, alone or in a troop."""
    caps = tones("9e7047 dbc7a8 734c33 cc852e 8c807a 806b8f ebb338 a34a33")
    reds = tones("cc1a12 d94014 b2141a 94663d e69e26")
    base = np.array(pick(rng, reds[:3] + reds if spotted else caps))
    flesh = pick(rng, tones("ebe0c7 ccb28c edebe6"))
    gill = np.array(pick(rng, [flesh, (0.55, 0.38, 0.30), base * 0.8]))
    high, funnel = rng.uniform(0.25, 1.1), not spotted and rng.random() < 0.2
    wart, count = blend(rng, flesh, (0.8, 0.7, 0.5), cloudy(), bump=0.3), rng.integers(9, 26)
    ringed, slim, zones = rng.random() < (0.8 if spotted else 0.3), rng.uniform(0.12, 0.3), rng.uniform(0, 0.5)
    rings, rough, grain = rng.uniform(4, 14), rng.uniform(0.2, 1.2), np.exp(rng.uniform(1.2, 3.2))

    def build(s):
        thing = Model(rng, leaning(rng, 0, 0.35))
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

    rgb = np.array(pick(rng, [*GREENS, (0.70, 0.56, 0.22), (0.50, 0.32, 0.16)]))
    skin = veined(rng, rgb, rgb * rng.uniform(0.7, 1.5), pairs, slant * pairs)
    thing, subject = Model(rng, leaning(rng, 0, 0.25)), Subject()
    lift, droop, wide = rng.uniform(0.35, 1.2), rng.uniform(0.1, 0.6), rng.uniform(0.14, 0.24)
    n = pick(rng, [1, 2, 3, 4, 5, 6, 7, 8])
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


def heart(u, v):
    a = np.abs(v)
    return ((u - 0.66) ** 2 / 0.115 + (a - 0.45) ** 2 / 0.3 < 1) | (a < 1.2 * u) & (u < 0.6)


def clover(rng: np.random.Generator, stand) -> Subject:
    """Leaves of three (now and then four) hearts with a pale chevron on thin stalks, and round flower heads."""
    rgb, mark = np.array(pick(rng, [*GREENS, (0.40, 0.22, 0.24)])), rng.uniform(0.35, 0.7)
    pale, wide = np.clip(rgb * rng.uniform(0.6, 1.9) + rng.choice([0, 0.15]), 0, 0.95), rng.uniform(0.03, 0.1)

    def chevron(u, p, noise):
        across = np.abs(u[1])
        band = np.exp(-(((u[0] - mark - 0.15 + 0.4 * across) / wide) ** 2))
        return band + 0.25 * np.exp(-((u[1] / 0.05) ** 2)) + 0.12 * np.sin(u[0] * 40 - across * 25)

    skin, stem = blend(rng, rgb, pale, chevron, 0.2, translucency=0.3), green(rng)
    subject, n = Subject(), rng.integers(1, 8)
    petals = np.stack([vary(rng, c) for c in ((0.9, 0.88, 0.86), pick(rng, tones("cc5999 e6d9b2")))], 1)
    for k in range(n):
        a, r = 2.4 * k + rng.normal(0, 0.3), (0.13 * np.sqrt(k)) * rng.uniform(0.8, 1.2)
        s, tall = rng.uniform(0.75, 1.15), rng.uniform(0.12, 0.5)
        thing = Model(rng, leaning(rng, 0, 0.7))
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


def fallen(rng, stand, outline, width, skins, stalk_from) -> Subject:
    """One to five leaves, lying or leaning, each with its stalk. width: against length."""
    subject, n = Subject(), pick(rng, [1, 1, 1, 2, 3, 4, 5])
    stalk = blend(rng, pick(rng, AUTUMN), (0.35, 0.25, 0.15), cloudy())
    for x, y in places(rng, n, 0.42):
        size, a = rng.uniform(0.8, 1.1) * (0.9 if n == 1 else 0.55), rng.uniform(0, 2 * np.pi)
        rise = rng.uniform(0.4, 1.3) if rng.random() < 0.25 else rng.normal(0.06, 0.12)
        thing = Model(rng, (np.cos(a), np.sin(a), np.tan(rise)), turn=False)
        roll = rng.normal(0, 0.25)
        c, s = np.cos(roll), np.sin(roll)
        axes = (thing.axes @ np.array([[1, 0, 0], [0, c, -s], [0, s, c]])).astype(np.float32)
        bends = rng.normal(0, 0.14) * size, rng.normal(0, 0.25) * size * width
        root = thing.at(-0.5 * size)
        sheet = Sheet(root, axes, size, width * size, outline, *bends, pick(rng, skins))
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
            vary(rng, pick(rng, AUTUMN))[:, None],
            vary(rng, pick(rng, AUTUMN))[:, None],
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
        base, edge = (pick(rng, [*AUTUMN, *AUTUMN[3:5]]) for _ in range(2))
        return veined(rng, base, edge, lobes, 1.2, 0.9)

    return fallen(rng, stand, outline, rng.uniform(0.24, 0.36), [skin(), skin()], 0.03)


def pine_cone(rng: np.random.Generator, stand) -> Subject:
    """Woody scales in spirals around an egg-shaped core, closed or wide open."""
    base = np.array(pick(rng, tones("6b472b 8f6642 4c382e 9e805c 616b33")))
    rim = pick(rng, [base * 1.5, (0.75, 0.66, 0.52), (0.9, 0.88, 0.86), base * 0.7])
    skin = blend(
        rng, base * 0.6, rim, lambda u, p, noise: step(u[0] + 0.3 * noise(p * 20), 0.2, 0.95), 0.3, 26, bump=0.2
    )
    core, lift, slim = Material(vary(rng, base * 0.4)), rng.uniform(0.1, 1.15), rng.uniform(0.2, 0.34)
    count, sharp = rng.integers(56, 84), rng.uniform(0.6, 1.2)

    def build(s):
        thing = Model(rng, fruit_axis(rng, 0.3))
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
    base = np.array(pick(rng, tones("8c5c29 a8853d 6b8033 5c381f b8995c")))
    cup = np.array(pick(rng, tones("735c42 8c7a5c 573d2b 757a47")))
    lines, rows, long, deep = rng.integers(8, 20), rng.uniform(14, 24), rng.uniform(0.3, 0.5), rng.uniform(0.14, 0.28)

    def stripes(u, p, noise):
        return 0.15 * np.sin(lines * np.arctan2(u[2], u[1])) + step(u[0], 0.2, 0.9) * 0.5 + 0.2 * noise(p * 8)

    def scales(u, p, noise):
        a = np.arctan2(u[2], u[1]) * 12
        return 0.5 + 0.5 * np.sin(rows * u[0] + a) * np.sin(rows * u[0] - a)

    nut = blend(rng, base, base * rng.uniform(0.4, 1.4), stripes, gloss=0.05, roughness=0.25)
    scaly, bare = blend(rng, cup * 0.72, cup * 1.1, scales, 0.3, 30, bump=0.3, bump_scale=36), rng.random()

    def build(s):
        thing = Model(rng, leaning(rng, 0.9, 2.4))
        thing.core += [Dome(thing.axes, x * s, 0.22 * s, nut) for x in (long, -0.15)]
        thing.rod([(long * 0.9 * s, 0, 0), ((long + 0.06) * s, 0, 0)], [0.04 * s, 0.008 * s], nut)
        if bare > 0.15:
            thing.core.append(Dome(thing.axes, -deep * 1.2 * s, 0.255 * s, scaly))
            thing.lathe([(-0.01 * s, 0.254 * s), (0.05 * s, 0.245 * s)], scaly)
            bend = rng.normal(0, 0.05, 2) * s
            thing.rod([(-deep * 1.1 * s, 0, 0), (-(deep + 0.22) * s, *bend)], [0.035 * s, 0.025 * s], scaly)
        return thing

    return group(rng, stand, (1, 1, 2, 3, 4), 0.66, build)
