/// How the ten digits are written: drawn by hand, from how people write, not from any data.
///
/// Allographs of a digit differ in what width, slant and bending cannot make of one another, so that an eye can tell
/// them apart whatever the other factors are.
enum Alphabet {
  /// The allographs of every digit.
  static let digits: [[Allograph]] = [
    // 0: an oval from its top, anticlockwise; closed, or with ends that cross.
    [
      Allograph(60, "8 1, -16 9, -29 35, -29 66, -12 95, 8 99, 26 76, 30 45, 20 12, 4 1, -6 4"),
      Allograph(40, "18 2, -4 2, -24 24, -30 58, -18 92, 6 99, 26 74, 29 38, 14 6, -4 6, -6 26"),
    ],
    // 1: a line; with a flag; with a flag and a foot.
    [
      Allograph(80, "0 0, 0 33, 0 67, 0 100"),
      Allograph(12, "-18 24, -8 13, 2 0 !, 2 33, 2 67, 2 100"),
      Allograph(8, "-18 24, -8 13, 2 0 !, 2 33, 2 67, 2 100 / -24 99, 0 100, 24 99"),
    ],
    // 2: a straight foot after a corner; a wide loop before the foot; a narrow one.
    [
      Allograph(45, "-26 20, -12 3, 12 2, 24 20, 14 46, -8 74, -28 97 !, 0 96, 32 97"),
      Allograph(25, "-20 30, -14 8, 6 0, 24 10, 22 34, 4 62, -18 88, -34 92, -38 78, -22 72, 4 88, 26 97, 42 90"),
      Allograph(30, "-26 18, -10 2, 12 4, 20 24, 10 54, -10 84, -26 97, -33 86, -22 76, -2 84, 16 96, 34 92"),
    ],
    // 3: two bows that meet in a point; in a loop; under a flat top.
    [
      Allograph(55, "-25 12, -6 1, 16 5, 20 22, 8 40, -8 47 !, 14 52, 25 68, 18 90, -4 100, -27 92"),
      Allograph(20, "-24 14, -4 1, 16 7, 19 24, 4 44, -14 52, -16 40, 2 44, 18 54, 26 72, 14 94, -8 100, -26 90"),
      Allograph(25, "-26 4, 0 3, 22 4 !, 8 24, -8 42 !, 12 47, 26 66, 20 90, -4 100, -27 92"),
    ],
    // 4: open, an angle and a post; a cup and a post in one stroke; closed in a point.
    [
      Allograph(45, "-20 4, -24 28, -28 54 !, 0 54, 30 50 / 20 2, 18 34, 14 67, 6 100"),
      Allograph(35, "-20 4, -27 34, -18 52, 4 50, 22 32, 26 4 !, 23 36, 20 68, 10 100"),
      Allograph(20, "14 0, -8 30, -30 62 !, 2 62, 34 60 / 14 0, 15 34, 14 67, 8 100"),
    ],
    // 5: bar, neck and bow in one stroke; drawn like an S; a long bar over a small bow.
    [
      Allograph(50, "30 3, 6 3, -14 4 !, -17 22, -20 42 !, 2 38, 20 50, 24 72, 8 95, -12 100, -28 92"),
      Allograph(25, "32 2, 8 3, -10 10, -16 32, 2 45, 17 60, 14 84, -6 99, -28 93"),
      Allograph(25, "48 0, 18 4, -6 8 !, -12 26, -18 44 !, 2 46, 14 60, 8 84, -14 98, -38 92"),
    ],
    // 6: a bow that ends in a loop; the loop a spiral that stays open; the stem hooked at its top.
    [
      Allograph(50, "10 0, -10 20, -22 50, -22 80, -4 99, 18 90, 22 70, 8 57, -10 66, -20 84"),
      Allograph(25, "8 0, -12 22, -26 52, -24 82, -4 99, 20 88, 22 64, 6 54, -6 64, 0 78"),
      Allograph(25, "32 12, 16 0, -8 14, -24 46, -24 80, -4 99, 16 92, 22 72, 8 58, -10 66, -20 82"),
    ],
    // 7: a bar and a leg; with a serif; crossed; the corner rounded.
    [
      Allograph(50, "-28 11, -2 5, 24 5 !, 13 34, 4 66, -6 100"),
      Allograph(20, "-30 28, -28 8 !, 0 6, 25 4 !, 13 36, 4 68, -5 100"),
      Allograph(12, "-27 10, -2 4, 24 4 !, 15 34, 6 66, -4 100 / -18 53, 4 50, 28 47"),
      Allograph(18, "-30 20, -18 5, 8 2, 22 16, 15 44, 5 72, -4 100"),
    ],
    // 8: an S that returns to its start; open at its top.
    [
      Allograph(60, "20 14, 4 1, -16 8, -18 26, 0 46, 18 66, 18 90, 0 100, -18 90, -18 70, 0 48, 18 28, 18 10"),
      Allograph(40, "24 14, 8 1, -14 6, -18 24, 0 43, 16 62, 10 88, -8 99, -22 86, -12 64, 12 38, 36 6"),
    ],
    // 9: a ring and a straight leg; the leg hooked; the ring open, the leg bent into it.
    [
      Allograph(45, "20 12, 4 2, -16 12, -20 34, -4 46, 14 34, 20 12 !, 19 40, 15 70, 10 100"),
      Allograph(25, "20 14, 4 1, -18 14, -18 38, 2 46, 18 26, 21 10, 22 50, 14 86, -4 99, -22 92"),
      Allograph(30, "34 4, 8 0, -20 14, -22 36, -2 44, 14 30, 19 14 !, 18 42, 13 72, 6 100"),
    ],
  ]
}
