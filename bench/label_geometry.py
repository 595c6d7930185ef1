"""What is wrong with placed labels, counted: overlapping boxes, crossing lines."""


def side(a, b, c):
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def crossings(lines):
    n = 0
    for i, (a, b) in enumerate(lines):
        for c, d in lines[:i]:
            n += side(a, b, c) * side(a, b, d) < 0 and side(c, d, a) * side(c, d, b) < 0
    return int(n)


def overlaps(boxes):
    n = 0
    for i, a in enumerate(boxes):
        for b in boxes[:i]:
            n += a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
    return int(n)
