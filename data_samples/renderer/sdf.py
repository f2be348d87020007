"""Signed distance fields, for shapes no formula intersects exactly. Formulas: Quilez, "distance functions"."""

import numpy as np

from .camera import normalize


def sphere(p, center, radius):
    """Distance to a sphere; p (3, n), center (3, 1)."""
    return np.sqrt(((p - center) ** 2).sum(0)) - radius


def capsule(p, a, b, radius):
    """Distance to a capsule from a to b, each (3, 1)."""
    q, axis = p - a, b - a
    h = np.clip((axis * q).sum(0) / (axis * axis).sum(), 0, 1)
    return np.sqrt(((q - axis * h) ** 2).sum(0)) - radius


def box(p, half, rounding=0.0):
    """Distance to a box about the origin; half (3, 1) half sizes including the rounding radius."""
    q = np.abs(p) - (half - rounding)
    return np.sqrt((np.maximum(q, 0) ** 2).sum(0)) + np.minimum(q.max(0), 0) - rounding


def torus(p, major, minor):
    """Distance to a ring about the z axis."""
    return np.hypot(np.hypot(p[0], p[1]) - major, p[2]) - minor


def cylinder(p, radius, half_height):
    """Distance to a capped cylinder about the z axis."""
    dx, dz = np.hypot(p[0], p[1]) - radius, np.abs(p[2]) - half_height
    return np.minimum(np.maximum(dx, dz), 0) + np.hypot(np.maximum(dx, 0), np.maximum(dz, 0))


def smooth_union(a, b, k):
    """The smaller of two distances, blended over a width k (polynomial smooth minimum)."""
    h = np.maximum(k - np.abs(a - b), 0) / k
    return np.minimum(a, b) - h * h * k / 4


class Field:
    """A solid given by distance(p) in local coordinates, found by sphere tracing (Hart 1996).

    center (3,), axes (columns), radius: a sphere about the center that holds the solid.
    """

    def __init__(self, distance, center, radius, axes=None, material=None, steps=40):
        self.distance, self.radius, self.steps, self.material = distance, np.float32(radius), steps, material
        self.center = np.asarray(center, np.float32).reshape(3, 1)
        self.axes = np.eye(3, dtype=np.float32) if axes is None else axes

    def bounds(self):
        return self.center, float(self.radius)

    def tips(self):
        ends = np.concatenate([np.eye(3), -np.eye(3)], 1).astype(np.float32)
        return self.center + ends * self.radius

    def intersect(self, o, d):
        q, e = np.broadcast_arrays(self.axes.T @ (o - self.center), self.axes.T @ d)
        b = (q * e).sum(0)
        h = b * b - (q * q).sum(0) + self.radius**2
        result = np.full(b.shape, np.inf, np.float32)
        live = np.flatnonzero(h > 0)
        t, end = -b[live] - np.sqrt(h[live]), -b[live] + np.sqrt(h[live])
        for _ in range(self.steps):
            if not len(live):
                break
            gap = self.distance(q[:, live] + t * e[:, live])
            hit = gap < 1e-3
            result[live[hit]] = t[hit]
            keep = ~hit & (t < end)
            live, t, end = live[keep], t[keep] + gap[keep], end[keep]
        return result

    def surface(self, p):
        q, step = self.axes.T @ (p - self.center), np.float32(2e-3)
        shifts = np.eye(3, dtype=np.float32)[:, :, None] * step
        slope = np.stack([self.distance(q + s) - self.distance(q - s) for s in shifts])
        return normalize(self.axes @ slope), q / self.radius
