"""Vehicles: car, bus, bicycle, train, boat, aeroplane, rocket."""

import numpy as np

from ..backgrounds import vary
from ..camera import normalize
from ..primitives import rotation
from ..scene import Material
from .thing_model import DARK, TAU, WHITE, Model, about


def car(rng, stand):
    """Saloon, hatchback, van, sports car or pick-up."""
    m = Model(rng)
    body, trim = m.tone(), m.tone() if m.odds(0.4) else None
    belt, roof, w, r = m.u(0.2, 0.28), m.u(0.34, 0.5), m.u(0.18, 0.23), m.u(0.075, 0.11)
    back = m.pick((-0.49, -0.44), (-0.44, -0.3), (-0.35, -0.2), (-0.05, -0.02))
    front = m.pick((0.05, 0.22), (0.12, 0.28), (0.2, 0.42), (0.35, 0.47))
    glass, door = vary(rng, (0.1, 0.13, 0.16)), m.u(-0.1, 0.05)
    xs = [-0.5, back[0], back[1], front[0], front[1], 0.5]
    tops = [belt - 0.02, belt, roof, roof, belt, belt - m.u(0.01, 0.07)]

    def paint(u, p, noise):
        q = m.local(p)
        ceiling = np.interp(q[0], xs, tops)
        pane = (q[2] > belt + 0.015) & (q[2] < roof - 0.03)
        flank = np.abs(q[1]) > w - 0.008
        pane &= np.where(flank, (q[2] < ceiling - 0.03) & (np.abs(q[0] - door) > 0.012), np.abs(q[1]) < w * 0.88)
        seam = flank & (np.abs(q[0] - door) < 0.006) & (q[2] > 0.1)
        c = body[:, None] * (1 - 0.5 * seam) * (1 + 0.05 * noise(q * 9))
        if trim is not None:
            c = np.where(q[2] < belt * 0.65, trim[:, None], c)
        return np.where(pane, glass[:, None], c)

    m.extrude(xs, tops, [0.07] * 6, w, m.skin(paint, m.pick("gloss", "gloss", "satin")))
    tyre = m.tyre()
    for x in (-0.3, m.u(0.27, 0.33)):
        for y in (-w, w):
            m.wheel(x, y * 0.97, r, 0.06, tyre)
    for y in (-0.7, 0.7):
        m.ball((0.505, y * w, belt * 0.68), (0.02, 0.035, 0.03), Material(vary(rng, (0.95, 0.93, 0.8)), 0.1, 0.1))
        m.ball((-0.505, y * w, belt * 0.75), (0.015, 0.03, 0.025), m.plain((0.75, 0.08, 0.06), "gloss"))
    m.box((0.5, 0, 0.1), (0.025, w, 0.022), m.some())
    m.box((-0.5, 0, 0.1), (0.025, w, 0.022), m.some())
    return m.finish(stand)


def bus(rng, stand):
    """Bus with one or two decks, or a lorry with a cab and a load."""
    m = Model(rng)
    w, r, tyre = m.u(0.12, 0.16), m.u(0.055, 0.08), m.tyre()
    n, axles = rng.integers(4, 9), [-0.32, 0.33]
    if m.odds(0.55):
        decks = m.pick(1, 1, 2)
        h = 0.15 * decks + m.u(0.0, 0.04)
        m.box((0, 0, 0.06 + h), (0.5, w, h), m.panes(None, n, decks, m.u(-0.3, 0), 0.85))
        m.box((0, 0, 0.06 + 2 * h), (0.48, w * 0.95, 0.012), m.plain())
        m.box((0.5, 0, 0.06 + h * 1.2), (0.006, w * 0.9, h * 0.4 / decks), m.plain((0.12, 0.15, 0.18), "gloss"))
    else:
        h, cab, long = m.u(0.12, 0.2), m.u(0.12, 0.19), m.u(0.3, 0.36)
        m.box((0.36, 0, 0.07 + cab), (0.12, w, cab), m.panes(None, 1, 1, 0.1, 0.8))
        m.box((-0.08, 0, 0.08), (0.42, w * 0.7, 0.025), m.plain(DARK))
        load = m.u()
        if load < 0.5:
            m.box((0.2 - long, 0, 0.12 + h), (long, w * 1.05, h), m.some())
        elif load < 0.75:
            m.cone((0.2, 0, 0.11 + h), (0.2 - 2 * long, 0, 0.11 + h), h, h, m.some())
        else:
            m.box((0.2 - long, 0, 0.13), (long, w, 0.02), load := m.some())
            for y in (-w, w):
                m.box((0.2 - long, y, 0.19), (long, 0.01, 0.07), load)
            for _ in range(8):
                m.ball((0.2 - long * m.u(0.2, 1.8), m.u(-0.6, 0.6) * w, 0.19), rng.uniform(0.05, 0.1, 3), m.plain())
        axles += [-0.2]
    for x in axles:
        for y in (-w, w):
            m.wheel(x, y * 0.95, r, 0.05, tyre)
    for y in (-0.7, 0.7):
        m.ball((0.49, y * w, 0.12), (0.02, 0.02, 0.02), Material(vary(rng, (0.95, 0.93, 0.8)), 0.1, 0.1))
    return m.finish(stand)


def bicycle(rng, stand):
    """Bicycle, upright or fallen over."""
    m = Model(rng)
    paint, tyre, rim, dark = (
        m.plain(None, "gloss"),
        m.plain(m.pick(DARK, DARK, WHITE), "matt"),
        m.metal(),
        m.plain(DARK),
    )
    r, t, n = m.u(0.2, 0.26), m.u(0.012, 0.022), rng.integers(4, 8)
    hubs = [(-0.3, r), (0.3, r * m.u(0.9, 1.05))]
    for x, q in hubs:
        m.ring((x, 0, q), q - t, t, tyre, y=(0, 0, 1), n=20)
        for a in np.arange(n) * np.pi / n:
            d = np.array([np.cos(a), 0, np.sin(a)]) * (q - t)
            m.rod((x, 0, q) + d, (x, 0, q) - d, 0.004, 0.004, rim)
        m.cone((x, -0.04, q), (x, 0.04, q), 0.025, 0.025, rim)
    crank, seat, head = np.array([-0.05, 0, r * 0.95]), np.array([-0.14, 0, 0.5]), np.array([0.2, 0, 0.52])
    bar = seat + (0, 0, m.u(-0.15, -0.03))
    for a, b in ((crank, seat), (crank, head), (bar, head)):
        m.rod(a, b, t, t, paint)
    for y in (-0.03, 0.03):
        m.rod((-0.3, y, r), crank, t * 0.6, t * 0.6, paint)
        m.rod((-0.3, y, r), bar, t * 0.6, t * 0.6, paint)
        m.rod((hubs[1][0], y, hubs[1][1]), head, t * 0.7, t * 0.7, paint)
        m.rod(crank + (0, y, 0), crank + (0.09 * np.sign(y), y * 2, -0.03), 0.01, 0.01, rim)
        m.box(crank + (0.09 * np.sign(y), y * 3, -0.03), (0.03, 0.03, 0.01), dark)
    m.cone(crank - (0, 0.035, 0), crank - (0, 0.03, 0), 0.06, 0.06, rim)
    m.rod(seat, seat + (0, 0, 0.06), t * 0.7, t * 0.7, rim)
    m.rod(seat + (-0.05, 0, 0.07), seat + (0.08, 0, 0.07), 0.035, 0.018, saddle := m.plain())
    top, drop = head + (-0.02, 0, m.u(0.05, 0.12)), m.u(-0.08, 0.04)
    m.rod(head, top, t, t, rim)
    for y in (-0.14, 0.14):
        m.path([top, top + (0.03, y * 0.7, 0.01), top + (-0.04, y, drop), top + (-0.1, y, drop)], 0.012, rim)
        m.rod(top + (-0.05, y, drop), top + (-0.1, y, drop), 0.017, 0.017, saddle)
    return m.finish(stand, about((1, 0, 0), 1.45) if m.odds(0.2) else about((1, 0, 0), m.u(-0.15, 0.15)))


def train(rng, stand):
    """Steam engine, or a diesel, with a wagon."""
    m = Model(rng)
    paint, dark, trim, wheel = m.pick(m.plain, m.print)(), m.plain(DARK), m.some(), m.tyre()
    w, r, long = m.u(0.1, 0.13), m.u(0.07, 0.11), m.u(0.25, 0.4)
    m.box((0.15, 0, 0.1), (0.37, w, 0.022), dark)
    m.cone((0.05, 0, 0.12 + r), (0.05 + long + 0.05, 0, 0.12 + r), r, r, paint)
    m.cone((0.05 + long, 0, 0.12 + r), (0.13 + long, 0, 0.12 + r), r * 1.04, r * 0.98, trim)
    cab = m.u(0.13, 0.18)
    m.box((-0.06, 0, 0.12 + cab), (0.13, w, cab), m.panes(None, 2, 1, 0.1, 0.8))
    m.box((-0.06, 0, 0.13 + 2 * cab), (0.16, w * 1.15, 0.014), trim)
    top = 0.1 + 2 * r
    stack = m.u(0.08, 0.16)
    m.cone((long, 0, top), (long, 0, top + stack), 0.03, m.u(0.03, 0.065), dark)
    m.ball((0.05 + long * 0.5, 0, top), (0.045, 0.045, 0.06), trim)
    for y in (-w, w):
        for x, q in ((-0.1, 0.09), (0.06, 0.09), (0.22, 0.09), (0.4, 0.055)):
            m.wheel(x, y, q, 0.03, wheel)
        m.rod((-0.1, y * 1.2, 0.08), (0.22, y * 1.2, 0.08), 0.01, 0.01, trim)
    m.box((0.53, 0, 0.08), (0.015, w * 1.1, 0.03), m.plain())
    if m.odds(0.7):
        h, kind = m.u(0.07, 0.16), m.pick(m.some, m.panes)()
        m.box((-0.55, 0, 0.12 + h), (0.29, w, h), kind)
        m.box((-0.55, 0, 0.1), (0.3, w * 0.9, 0.02), dark)
        m.rod((-0.3, 0, 0.1), (-0.18, 0, 0.1), 0.012, 0.012, dark)
        for x in (-0.72, -0.38):
            for y in (-w, w):
                m.wheel(x, y, 0.06, 0.03, wheel)
    return m.finish(stand)


def boat(rng, stand):
    """Planked hull with sails, oars, or a cabin and a funnel."""
    m = Model(rng)
    hull, deck, w, h = m.pick(m.print, m.plain, m.wood, m.plain)(), m.wood(0), m.u(0.14, 0.22), m.u(0.1, 0.18)
    stern, sheer, keel = m.u(0.0, 0.8), m.u(0.0, 0.12), m.u(0.3, 0.65)
    s = np.linspace(-1, 1, 11)
    beam = w * np.where(s < 0, 1 - (1 - stern) * s**2, 1 - np.abs(s) ** 2.2)
    top = np.stack([s * 0.5, beam, h + sheer * np.clip(s, -0.4, 1) ** 2], 1)
    low = np.stack([s * 0.43 - 0.02, beam * keel, 0 * s], 1)
    for side in (1, -1):
        flip = np.array([1, side, 1])
        for a, b, c, d in zip(top[:-1], top[1:], low[:-1], low[1:], strict=True):
            a, b, c, d = a * flip, b * flip, c * flip, d * flip
            up, along = (a + b - c - d) / 2, (b - a + d - c) / 2
            half = (np.linalg.norm(along) * 0.57, 0.012, np.linalg.norm(up) * 0.52)
            m.box((a + b + c + d) / 4, half, hull, rotation(along, up))
        m.path(top * flip, 0.014, deck)
    if stern > 0.05:
        m.box((-0.48, 0, h / 2), (0.012, w * stern * 0.85, h / 2), hull)
    axes, width = np.eye(3, dtype=np.float32), w
    m.sheet(
        (-0.5, 0, h * m.u(0.35, 0.9)),
        axes,
        1.0,
        w,
        lambda u, v: np.abs(v) < np.interp(u * 2 - 1, s, beam) / width,
        deck,
    )
    kind = m.u()
    if kind < 0.55:
        tall, cloth = m.u(0.6, 1.0), m.pick(m.print, m.plain)()
        cloth.translucency, bend = 0.3, m.u(-0.12, 0.12)
        m.rod((0.08, 0, 0.03), (0.08, 0, h + tall), 0.016, 0.01, deck)
        for x, root, long in ((-1, 0.06, tall * 0.9), (1, 0.1, tall * m.u(0.5, 0.8))):
            sail = np.array([[0, x, 0], [0, 0, 1], [1, 0, 0]], np.float32)
            m.sheet((root, 0, h + 0.06), sail, long, m.u(0.36, 0.5), lambda u, v: (v > 0) & (v < 1 - u), cloth, 0, bend)
        m.rod((0.07, 0, h + 0.05), (-0.4, 0, h + 0.05), 0.01, 0.01, deck)
    elif kind < 0.8:
        m.box((-0.08, 0, h + 0.06), (m.u(0.15, 0.25), w * 0.6, 0.08), m.panes(None, 4, 1, -0.3, 0.7))
        m.box((-0.05, 0, h + 0.18), (m.u(0.08, 0.12), w * 0.5, 0.05), m.panes(None, 3, 1, -0.3, 0.7))
        m.cone((-0.15, 0, h), (-0.17, 0, h + m.u(0.3, 0.42)), 0.045, 0.04, m.some())
    else:
        for x in (-0.2, 0.1):
            m.box((x, 0, h * 0.85), (0.04, w * 0.9, 0.012), deck)
        for y in (1, -1):
            m.rod((0.02, 0.2 * w * y, h + 0.05), (-0.1, y * (w + 0.2), h - 0.05), 0.012, 0.012, deck)
            m.ball((-0.12, y * (w + 0.24), h - 0.07), (0.03, 0.07, 0.01), deck)
    return m.finish(stand, about((1, 0, 0), m.u(-0.2, 0.2)))


def aeroplane(rng, stand):
    """Airliner with jets, or a propeller plane with one or two pairs of wings."""
    m = Model(rng)
    body, wing, r = m.pick(m.plain, m.print, m.metal)(), m.some(), m.u(0.05, 0.085)
    wing, jet, z = body if m.odds(0.4) else wing, m.odds(0.5), 0.2
    sweep, span, chord = m.u(0.3, 0.9) if jet else m.u(-0.1, 0.1), m.u(0.42, 0.58), m.u(0.09, 0.15)
    m.lathe(
        [(0, -0.5), (r * 0.35, -0.48), (r, -0.15), (r, 0.3), (r * 0.7, 0.45), (0, 0.5)], body, 1, (0, 0, z), (1, 0, 0)
    )
    glass = m.plain((0.12, 0.15, 0.2), "gloss")
    m.ball((0.34 if jet else 0.12, 0, z + r * 0.7), (0.08, r * 0.7, r * 0.7), glass)

    def panel(x, y, height, length, width, back, up=0.0):
        """A tapering, swept panel from the body outwards."""
        out = normalize(np.array([0, y, up], np.float32))
        axes = np.stack([out, (1, 0, 0), np.cross(out, (1, 0, 0))], 1).astype(np.float32)
        full = width * (1 + back)

        def outline(u, v):
            return np.abs(v * full + width * back * (2 * u - 0.5)) < width * (1 - 0.5 * u)

        for lift in (0.005, -0.005):
            m.sheet(np.array([x, 0, height]) + axes[:, 2] * lift, axes, length, full * 1.6, outline, wing)

    two = not jet and m.odds(0.45)
    for y in (1, -1):
        for height in (z - r * 0.6, z + 0.17) if two else (z + (m.pick(-0.6, 0.8) if not jet else -0.5) * r,):
            panel(0.08, y, height, span, chord, sweep, m.u(0, 0.12))
        panel(-0.43, y, z + r * 0.4, span * 0.38, chord * 0.6, sweep)
        if two:
            m.rod((0.1, y * 0.3, z - r * 0.6), (0.1, y * 0.3, z + 0.18), 0.008, 0.008, body)
        if jet:
            pod = (0.03, y * span * 0.45, z - r * 1.3)
            m.cone(pod, np.add(pod, (0.14, 0, 0)), 0.03, 0.042, m.metal())
    panel(-0.43, 0, z, 0.2, chord * 0.65, max(sweep, 0.2), 1.0)
    metal, dark = m.metal(), m.plain(DARK, "matt")
    if not jet:
        a = m.u(0, np.pi)
        d = np.array([0, np.cos(a), np.sin(a)]) * 0.17
        m.rod((0.52, 0, z) + d, (0.52, 0, z) - d, 0.012, 0.012, dark)
        m.cone((0.4, 0, z), (0.56, 0, z), r * 0.9, 0.01, m.plain())
    for x, y in ((0.1, 0.12), (0.1, -0.12), (-0.4 if not jet else 0.38, 0)):
        foot = 0.12 if x < 0 else 0.05
        m.rod((x, y * 0.5, z - r * 0.3), (x, y, foot), 0.01, 0.01, metal)
        m.cone((x, y - 0.015, foot), (x, y + 0.015, foot), 0.035, 0.035, dark)
    return m.finish(stand)


def rocket(rng, stand):
    """Rocket with fins, a nose cone and portholes, sometimes with boosters."""
    m = Model(rng)
    body, nose, fin, r = m.some(), m.some(), m.some(), m.u(0.1, 0.18)
    n, base, tall = rng.integers(3, 5), m.u(0.7, 1.0), m.u(0.55, 0.7)
    m.lathe([(r * base, 0.1), (r * m.u(1, 1.25), 0.4), (r, tall)], body, 1)
    m.lathe([(r, tall), (r * 0.75, tall + 0.15), (0.01, tall + m.u(0.25, 0.4))], nose, m.pick(0, 1, 2))
    m.lathe([(r * 0.5, 0.12), (r * 0.85, 0.02)], m.metal())
    m.lathe([(0, 0.1), (r * base, 0.104)], body)
    reach, cut, shift = m.u(0.15, 0.25), m.u(0.3, 1.0), m.u(-0.2, 0.6)
    for a in np.arange(n) * TAU / n + 0.4:
        axes = np.array([[np.cos(a), 0, np.sin(a)], [np.sin(a), 0, -np.cos(a)], [0, 1, 0]], np.float32)
        m.sheet(
            axes @ (r * 0.8, 0.18, 0),
            axes,
            reach,
            0.3,
            lambda u, v: (v > -0.9 * u) & (v < 0.7 - cut * u - shift * u),
            fin,
        )
        if n == 4 and shift < 0.1:
            x, y = np.cos(a + 0.8) * r * 1.4, np.sin(a + 0.8) * r * 1.4
            m.lathe([(r * 0.4, 0.03), (r * 0.4, 0.4), (0, 0.52)], nose, 0, (x, y, 0))
    a, rim, glass = m.u(0, TAU), m.metal(), m.plain((0.15, 0.25, 0.35), "gloss")
    for k in range(2):
        c = np.array([np.cos(a + k * np.pi), np.sin(a + k * np.pi), 0])
        at = c * r * 0.9 + (0, 0, tall - 0.08)
        m.cone(at, at + c * r * 0.25, r * 0.5, r * 0.45, rim)
        m.cone(at, at + c * r * 0.28, r * 0.35, r * 0.35, glass)
    return m.finish(stand, m.fallen(0.25))
