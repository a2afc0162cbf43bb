/// The allographs of the first generator, which runs that name it still draw; see `Alphabet` for today's.
enum FirstAlphabet {
  /// The allographs of every digit.
  static let digits: [[Allograph]] = [
    // 0: an oval from its top, anticlockwise; closed, open at the top, with ends that cross, or broad.
    [
      Allograph(45, "8 1, -16 9, -29 35, -29 66, -12 95, 8 99, 26 76, 30 45, 20 12, 4 1, -6 4"),
      Allograph(20, "2 4, -20 16, -30 48, -22 84, 2 100, 24 82, 30 48, 22 14, 6 0, -8 10"),
      Allograph(20, "14 8, -6 2, -24 24, -30 58, -18 92, 6 99, 26 74, 29 38, 16 6, -2 6, -4 18"),
      Allograph(15, "10 4, -22 6, -44 36, -42 72, -14 96, 18 94, 42 66, 44 34, 22 6, 0 2"),
    ],
    // 1: a line; with a flag; with a flag and a foot.
    [
      Allograph(45, looseness: 0.35, "0 0, 0 33, 0 67, 0 100"),
      Allograph(41, looseness: 0.35, "14 0, 5 33, -5 67, -14 100"),
      Allograph(7, "-16 22, -8 12, 2 0 !, 2 33, 2 67, 2 100"),
      Allograph(7, "-18 22, -8 12, 2 0 !, 2 33, 2 67, 2 100 / -24 99, 0 100, 24 99"),
    ],
    // 2: a straight foot after a corner; a loop before the foot, small or large; flat and angular; squat.
    [
      Allograph(25, "-26 20, -12 3, 12 2, 24 20, 14 46, -8 74, -28 97 !, 0 96, 32 97"),
      Allograph(15, "-20 30, -14 8, 6 0, 24 10, 22 34, 4 62, -18 86, -30 94, -34 84, -20 78, 4 90, 26 97, 40 92"),
      Allograph(20, "-26 18, -10 2, 12 4, 20 24, 10 54, -10 84, -26 97, -33 86, -22 76, -2 84, 16 96, 34 92"),
      Allograph(10, "-28 10, -6 3, 18 4, 24 16, 6 48, -14 74, -32 98 !, -8 93, 14 95, 36 92"),
      Allograph(15, "-34 16, -10 2, 20 2, 30 16, 12 44, -20 74, -40 92 !, -6 86, 24 92, 46 88"),
      Allograph(15, "-20 14, 0 0, 18 10, 16 36, 0 66, -20 92, -36 98, -44 84, -30 72, -8 80, 14 96, 34 98"),
    ],
    // 3: two bows that meet in a point; in a small loop; a flat top; broad.
    [
      Allograph(45, "-25 12, -6 1, 16 5, 20 22, 8 40, -8 47 !, 14 52, 25 68, 18 90, -4 100, -27 92"),
      Allograph(20, "-24 14, -4 1, 16 7, 18 24, 4 42, -8 46, 0 42, 18 52, 26 72, 14 94, -8 100, -26 90"),
      Allograph(15, "-26 4, 0 3, 22 4 !, 8 24, -8 42 !, 12 47, 26 66, 20 90, -4 100, -27 92"),
      Allograph(20, "-30 10, -6 0, 22 4, 24 24, 0 44 !, 22 50, 34 68, 20 92, -8 100, -36 90"),
    ],
    // 4: open, an angle and a post; a cup and a post in one stroke; a low bar; closed in a point.
    [
      Allograph(40, "-20 4, -24 28, -28 54 !, 0 54, 30 50 / 20 2, 17 34, 13 67, 9 100"),
      Allograph(25, "-20 4, -27 34, -18 52, 4 50, 22 32, 26 4 !, 22 36, 17 68, 12 100"),
      Allograph(25, "-24 14, -30 40, -32 62 !, 0 60, 36 52 / 26 0, 18 34, 10 67, 2 100"),
      Allograph(10, "14 0, -8 30, -30 62 !, 2 62, 34 60 / 14 0, 13 34, 12 67, 11 100"),
    ],
    // 5: bar, neck and bow in one stroke; the bar apart, last; drawn like an S; a long bar over a small bow.
    [
      Allograph(35, "30 3, 6 3, -14 4 !, -17 22, -20 42 !, 2 38, 20 50, 24 72, 8 95, -12 100, -28 92"),
      Allograph(20, "-14 8, -17 26, -19 44 !, 4 41, 21 56, 20 82, 0 99, -26 95 / -14 8, 10 5, 34 2"),
      Allograph(20, "32 2, 8 3, -10 10, -16 32, 2 45, 17 60, 14 84, -6 99, -28 93"),
      Allograph(25, "44 0, 16 6, -8 10 !, -14 28, -20 46 !, 4 44, 18 58, 12 82, -12 98, -38 94"),
    ],
    // 6: a bow that ends in a loop, the stem straight, curved, or hooked; broad.
    [
      Allograph(40, "10 0, -10 20, -22 50, -22 80, -4 99, 18 90, 22 70, 8 57, -10 66, -20 84"),
      Allograph(25, "18 2, -6 14, -22 46, -24 78, -6 99, 16 94, 24 74, 12 58, -8 62, -22 78"),
      Allograph(15, "0 0, -12 28, -18 58, -18 84, -2 99, 16 90, 18 72, 4 62, -10 74, -14 86"),
      Allograph(20, "20 0, -12 22, -32 52, -32 82, -8 99, 22 92, 32 72, 16 58, -12 66, -28 86"),
    ],
    // 7: a bar and a leg; with a serif; crossed; the corner rounded; the bar long and rising.
    [
      Allograph(40, "-28 8, 0 6, 24 5 !, 12 34, 2 66, -6 100"),
      Allograph(15, "-28 22, -27 8 !, 0 6, 25 4 !, 12 36, 2 68, -4 100"),
      Allograph(10, "-26 6, 0 5, 24 4 !, 14 34, 4 66, -4 100 / -16 52, 4 50, 26 48"),
      Allograph(15, "-28 14, -14 5, 10 4, 20 14, 14 42, 4 72, -4 100"),
      Allograph(20, "-40 18, -10 12, 26 4 !, 8 38, -6 70, -18 100"),
    ],
    // 8: an S that returns; begun in the middle; two rings; leaning and open at the top.
    [
      Allograph(30, "20 14, 4 1, -16 8, -18 26, 0 46, 18 66, 18 90, 0 100, -18 90, -18 70, 0 48, 18 28, 18 10"),
      Allograph(20, "22 10, 2 1, -17 14, -10 36, 10 56, 20 80, 6 99, -16 94, -18 74, -2 52, 16 32, 24 8"),
      Allograph(15, "2 47, -15 34, -14 10, 2 1, 17 12, 14 34, 2 47, -17 60, -18 88, 0 100, 18 88, 17 60, 2 47"),
      Allograph(20, "28 12, 10 2, -12 6, -18 22, 0 42, 14 62, 8 90, -10 99, -22 84, -10 62, 14 38, 34 14"),
      Allograph(15, "26 6, 8 0, -12 6, -14 22, 2 40, 14 56, 12 80, -4 98, -20 92, -20 74, -2 52, 16 34, 30 14"),
    ],
    // 9: a ring and a straight leg; a curved leg; a hooked one; a leg that leans back.
    [
      Allograph(25, "20 12, 4 2, -16 12, -20 34, -4 48, 14 36, 20 12 !, 18 40, 14 70, 10 100"),
      Allograph(25, "18 10, 0 1, -18 16, -18 38, 0 46, 16 28, 20 10, 19 42, 10 74, -4 100"),
      Allograph(15, "20 14, 4 1, -18 14, -18 38, 2 46, 18 26, 21 10, 22 50, 14 86, -4 99, -22 92"),
      Allograph(15, "22 14, 0 2, -26 16, -30 34, -10 44, 14 32, 24 12 !, 18 42, 8 72, 0 100"),
      Allograph(20, "18 8, 0 2, -22 18, -24 40, -4 48, 14 34, 22 10 !, 14 40, 4 70, -6 100"),
    ],
  ]
}
