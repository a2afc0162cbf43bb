import Tensors
import Testing

@testable import Datasets

@Suite("Labels as files have them")
struct LabelTests {
  /// A ZIP of stored files.
  static func archive(_ files: [(name: String, bytes: [UInt8])]) -> [UInt8] {
    var (archive, directory): ([UInt8], [UInt8]) = ([], [])
    func number(_ value: Int, _ size: Int) -> [UInt8] { (0..<size).map { UInt8(value >> (8 * $0) & 255) } }
    for (name, content) in files {
      let checksum = content.withUnsafeBufferPointer { Int(crc32OfBytes($0)) }
      let sizes = number(checksum, 4) + number(content.count, 4) + number(content.count, 4)
      let common = number(20, 2) + number(0, 8) + sizes + number(name.utf8.count, 2) + number(0, 2)
      directory +=
        [0x50, 0x4b, 1, 2] + number(20, 2) + common + number(0, 10) + number(archive.count, 4)
        + Array(name.utf8)
      archive += [0x50, 0x4b, 3, 4] + common + Array(name.utf8) + content
    }
    let end =
      number(0, 4) + number(files.count, 2) + number(files.count, 2) + number(directory.count, 4)
      + number(archive.count, 4) + number(0, 2)
    return archive + directory + [0x50, 0x4b, 5, 6] + end
  }

  private let images = NPY.encode([0, 100, 200], shape: [3, 1, 1])

  private func read(_ labels: [UInt8], named name: String = "labels", images imagesName: String = "images") throws
    -> ImageSet
  {
    let scratch = try Scratch()
    return try ImageSet.read(
      scratch.write("a.npz", Self.archive([("\(imagesName).npy", images), ("\(name).npy", labels)])))
  }

  @Test("Whole numbers of any type are classes, words are their names, one-hot rows their places")
  func usable() throws {
    let cases: [(file: [UInt8], labels: [Int32], names: [String], isSaid: Bool)] = [
      (NPY.encode([2, 0, 1], shape: [3]), [2, 0, 1], [], false),
      (npy("<i8", [3], bytes([300, 0, 70_000] as [Int64])), [1, 0, 2], ["0", "300", "70000"], true),
      (npy("<i4", [3], bytes([-1, 25, 1] as [Int32])), [-1, 1, 0], ["1", "25"], true),
      (npy("<f8", [3], bytes([2, 0, 1] as [Double])), [2, 0, 1], [], false),
      (npy("<i8", [3, 1], bytes([2, 0, 1] as [Int64])), [2, 0, 1], [], false),
      (npy("|u1", [3, 3], [0, 0, 1, 1, 0, 0, 0, 1, 0]), [2, 0, 1], [], true),
      (npy("<f4", [3, 2], bytes([0, 1, 1, 0, 0, 0] as [Float])), [1, 0, -1], [], true),
      (npy("<i4", [3], bytes([-5, 7, -5] as [Int32])), [0, 1, 0], ["-5", "7"], true),
      (npy("<i4", [3], bytes([2_000_000, 7, 7] as [Int32])), [1, 0, 0], ["7", "2000000"], true),
      (npy("|S3", [3], Array("owlcatowl".utf8)), [1, 0, 1], ["cat", "owl"], true),
      (npy("|S2", [3], [0x62, 0, 0x61, 0x62, 0, 0]), [2, 1, 0], ["", "ab", "b"], true),
      (
        npy("<U2", [3], bytes(["ü", "\0", "1", "0", "2", "\0"].map { ($0 as Unicode.Scalar).value })), [2, 1, 0],
        ["2", "10", "ü"], true
      ),
      (npy(">U1", [3], [0, 0, 0, 0x62, 0, 0, 0, 0x61, 0, 0, 0, 0x62]), [1, 0, 1], ["a", "b"], true),
      (npy("|b1", [3], [1, 0, 1]), [1, 0, 1], [], false),
    ]
    for (file, labels, names, isSaid) in cases {
      let set = try read(file)
      #expect(set.labels == labels && set.classNames == names, "\(set.labels ?? []) \(set.classNames)")
      #expect(set.notes.contains { $0.contains("labels") } == isSaid, "\(set.notes)")
    }
  }

  @Test("Labels with wide gaps are numbered from 0, called as they are written; a class that is lacking moves no other")
  func sparse() throws {
    let cases: [([Int32], [Int32], [String])] = [
      ([3, 200, 3], [0, 1, 0], ["3", "200"]), ([-1, 0, 100_000], [-1, 0, 1], ["0", "100000"]),
      ([0, 1, 2, 3, 4, 5, 6, 7, 8], [0, 1, 2, 3, 4, 5, 6, 7, 8], []), ([1, 2, 3], [1, 2, 3], []),
      ([0, 1, 2, 3, 7], [0, 1, 2, 3, 7], []), ([7, 7], [7, 7], []), ([25, 25], [0, 0], ["25"]), ([3, 8], [3, 8], []),
      ([0, 0], [0, 0], []), ([-1, -1], [-1, -1], []),
    ]
    for (labels, numbers, names) in cases {
      let set = try ImageSet(name: "x", width: 1, height: 1, pixels: labels.map { _ in 0 }, labels: labels)
      let numbered = set.numberingSparseClasses()
      #expect(numbered.labels == numbers && numbered.classNames == names, "\(labels)")
      #expect(numbered.notes.count == (names.isEmpty ? 0 : 1) && numbered.digest == set.digest)
    }
  }

  @Test("A class beside a model is the one of its name, whatever number it has in its file")
  func namesOfClasses() throws {
    func set(_ labels: [Int32], _ names: [String] = []) throws -> ImageSet {
      try ImageSet(name: "x", width: 1, height: 1, pixels: labels.map { _ in 0 }, labels: labels, classNames: names)
    }
    let model = ["3", "7", "200"]
    let part = try set([0, 1, -1], ["7", "200"]).numberingClasses(as: model)
    #expect(part.labels == [1, 2, -1] && part.classNames == model)
    let other = try set([0, 1], ["3", "5"]).numberingClasses(as: model)
    #expect(other.labels == [0, 3] && other.classNames == model + ["5"])
    // A run of before, which had a class for every number.
    #expect(try set([0, 1], ["3", "200"]).numberingClasses(as: (0...200).map(String.init)).labels == [3, 200])
    // Digits without a 9 beside a model of ten; numbers beside words.
    let digits = try set([8, 0]).numberingClasses(as: (0...9).map(String.init))
    #expect(digits.labels == [8, 0] && digits.classNames == [])
    let words = try set([1, 0]).numberingClasses(as: ["cat", "dog"])
    #expect(words.labels == [1, 0] && words.notes.count == 1, "\(words.notes)")
    let capitals = try set([1, 0], ["A", "B"]).numberingClasses(as: ["a", "b"])
    #expect(capitals.labels == [1, 0])
    #expect(capitals.notes.first?.contains("A, B beside a, b") == true, "\(capitals.notes)")
    // Numbers are names on both sides: 25 is no other class of digits.
    #expect(try set([0], ["25"]).numberingClasses(as: ["0", "1"]).labels == [2])
  }

  @Test("Classes of one name stay as many: by number in a list of the same names, else in their order, and said")
  func repeatedNames() throws {
    func set(_ labels: [Int32], _ names: [String]) throws -> ImageSet {
      try ImageSet(name: "x", width: 1, height: 1, pixels: labels.map { _ in 0 }, labels: labels, classNames: names)
    }
    let names = ["crane", "maillot", "crane", "cat"]
    let same = try set([0, 1, 2, 3], names).numberingClasses(as: names)
    #expect(same.labels == [0, 1, 2, 3] && same.notes.isEmpty)
    let other = try set([0, 1, 2], ["cat", "crane", "crane"]).numberingClasses(as: names)
    #expect(other.labels == [3, 0, 2] && other.classNames == names)
    #expect(other.notes.first?.contains("several classes are called crane") == true, "\(other.notes)")
    let joined = try ImageSet.joined([set([0, 1, 2, 3], names), set([0, 1], ["cat", "crane"])], name: "both")
    #expect(joined.classNames == ["cat", "crane", "crane", "maillot"] && joined.labels == [1, 3, 2, 0, 0, 1])
    #expect(joined.notes.count == 1, "\(joined.notes)")
  }

  @Test("Labels that are no classes are left out with a line that says why; the images are there")
  func unusable() throws {
    let files: [[UInt8]] = [
      npy("<f4", [3], bytes([0.5, 1, 2] as [Float])),
      npy("<f4", [3], bytes([.nan, .nan, .nan] as [Float])),
      npy("<f4", [3], bytes([.infinity, 1, 2] as [Float])), npy("<f4", [3], bytes([1e30, 1, 2] as [Float])),
      npy("<f4", [3, 2], bytes([0.3, 0.7, 1, 0, 0, 1] as [Float])), npy("|u1", [3, 2], [1, 1, 1, 0, 0, 1]),
      npy("|u1", [4], [1, 2, 3, 4]), npy("|u1", [3, 2, 2], [UInt8](repeating: 1, count: 12)),
      npy("|O", [3], Array("pickle".utf8)), npy("<c8", [3], [UInt8](repeating: 0, count: 24)),
      npy("|u1", [], [7]),
    ]
    for file in files {
      let set = try read(file)
      #expect(set.count == 3 && set.labels == nil)
      #expect(set.notes.count == 1 && set.notes[0].contains("left out"), "\(set.notes)")
    }
  }

  @Test("A label that is NaN is not known, and the others stay")
  func missing() throws {
    for (file, labels) in [
      (npy("<f4", [3], bytes([.nan, 1, 2] as [Float])), [-1, 1, 2]),
      (npy("<f8", [3, 1], bytes([2, .nan, -1] as [Double])), [2, -1, -1]),
      (npy("<f4", [3], bytes([-7, .nan, 3] as [Float])), [0, -1, 1]),
      (npy("<f4", [3, 2], bytes([0, 1, .nan, .nan, 1, 0] as [Float])), [1, -1, 0]),
    ] as [([UInt8], [Int32])] {
      let set = try read(file)
      #expect(set.labels == labels && set.notes.contains { $0.contains("not known") }, "\(set.notes)")
    }
  }

  @Test("Large numbers of classes are told apart, and rows without a one are said")
  func exact() throws {
    let numbers: [Int64] = [16_777_215, 16_777_216, 16_777_217]
    for file in [npy("<i8", [3], bytes(numbers)), npy("<f8", [3, 1], bytes(numbers.map(Double.init)))] {
      let set = try read(file)
      #expect(set.labels == [0, 1, 2] && set.classNames == numbers.map(String.init))
    }
    let rows = try read(npy("|u1", [3, 2], [0, 1, 0, 0, 1, 0]))
    #expect(rows.labels == [1, -1, 0] && rows.notes.contains { $0.contains("1 of 3 rows have none") })
  }

  @Test("Of two arrays with one name the later counts")
  func duplicates() throws {
    let archive = Self.archive([
      ("images.npy", NPY.encode([255], shape: [1, 1, 1])), ("images.npy", NPY.encode([200], shape: [1, 1, 1])),
    ])
    let scratch = try Scratch()
    #expect(try ImageSet.read(scratch.write("a.npz", archive)).bytes(at: 0) == [200])
    let capitals = Self.archive([("IMAGES.NPY", NPY.encode([150], shape: [1, 1, 1]))])
    #expect(try ImageSet.read(scratch.write("a.npz", capitals)).bytes(at: 0) == [150])
  }

  @Test("A factor with a value that is no number is left out, the others not", arguments: [Float.nan, .infinity])
  func notFinite(value: Float) throws {
    let table = npy("<f4", [3, 2], bytes([1, 5, value, 6, 3, 7] as [Float]))
    let scratch = try Scratch()
    let set = try ImageSet.read(
      scratch.write("a.npz", Self.archive([("images.npy", images), ("factors.npy", table)])))
    #expect(set.factors.map(\.name) == ["factor 2"] && set.factors.first?.values == [5, 6, 7])
    #expect(set.notes.contains { $0.contains("factor 1 in factors is left out") }, "\(set.notes)")
  }

  @Test("Factors that are none leave the images alone, and are not looked at without labels")
  func unusableFactors() throws {
    for factors in [
      npy("|O", [3, 1], Array("pickle".utf8)), npy("<U1", [3, 1], [UInt8](repeating: 0, count: 12)),
      npy("<c8", [3, 1], [UInt8](repeating: 0, count: 24)),
      npy(header: "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (3, 1), }"),
    ] {
      let scratch = try Scratch()
      let path = try scratch.write("a.npz", Self.archive([("images.npy", images), ("latents_values.npy", factors)]))
      let set = try ImageSet.read(path)
      #expect(set.count == 3 && set.factors.isEmpty && set.notes.contains { $0.contains("factors") })
      var reading = ImageReading()
      reading.readsLabels = false
      #expect(try ImageSet.read(path, reading: reading).notes.contains { $0.contains("factors") } == false)
    }
  }

  @Test("Labels beside an IDX file that cannot be used are left out with a line that says why")
  func unusableBeside() throws {
    for labels in [idx([2], [4, 5]), Array(idx([3], [4, 5, 6]).dropLast()), []] {
      let scratch = try Scratch()
      let pair = try scratch.write("a-images-idx3-ubyte", idx([3, 1, 1], [1, 2, 3]))
      _ = try scratch.write("a-labels-idx1-ubyte", labels)
      let set = try ImageSet.read(pair)
      #expect(set.count == 3 && set.labels == nil && set.notes.contains { $0.contains("left out") })
    }
  }

  @Test("No labels are read where nobody wants them, from no format")
  func withoutLabels() throws {
    let scratch = try Scratch()
    var reading = ImageReading()
    reading.readsLabels = false
    let archive = try scratch.write(
      "a.npz", Self.archive([("images.npy", images), ("labels.npy", NPY.encode([2, 0, 1], shape: [3]))]))
    #expect(try ImageSet.read(archive, reading: reading).labels == nil)
    let pair = try scratch.write("a-images-idx3-ubyte", idx([3, 1, 1], [1, 2, 3]))
    _ = try scratch.write("a-labels-idx1-ubyte", idx([2], [4, 5]))
    #expect(try ImageSet.read(pair, reading: reading).labels == nil, "not even those that do not match")
  }

  @Test("Arrays are known by the names people give them")
  func names() throws {
    for (images, labels) in [
      ("images", "labels"), ("x", "y"), ("X", "Y"), ("imgs", "labels"), ("x_train", "y_train"), ("X_train", "y_train"),
      ("train_images", "train_labels"), ("arr_0", "arr_1"), ("data", "target"), ("data/images", "data/labels"),
    ] {
      let set = try read(NPY.encode([2, 0, 1], shape: [3]), named: labels, images: images)
      #expect(set.labels == [2, 0, 1] && set.bytes(at: 2) == [200], "\(images)")
    }
    #expect(try read(NPY.encode([2, 0, 1], shape: [3]), named: "numbers", images: "faces").count == 3, "the only one")
  }

  @Test("A file laid out as dSprites brings its factors; the pickle in it is not touched")
  func factors() throws {
    let scratch = try Scratch()
    let values = npy("<f8", [3, 6], bytes((0..<18).map { Double($0) }))
    func set(_ more: [(String, [UInt8])]) throws -> ImageSet {
      try ImageSet.read(
        scratch.write(
          "s.npz",
          Self.archive(
            [
              ("metadata.npy", npy("|O", [], Array("cos\nsystem\n".utf8))),
              ("imgs.npy", NPY.encode([0, 1, 1], shape: [3, 1, 1])),
            ]
              + more)))
    }
    let own = try set([("latents_values.npy", values)])
    #expect(own.factors.map(\.name) == ["color", "shape", "scale", "orientation", "posX", "posY"])
    #expect(own.factors[4].values == [4, 10, 16] && own.bytes(at: 1) == [255])
    let names = npy("|S2", [2], Array("abcd".utf8))
    let classes = npy("<i8", [3, 2], bytes((0..<6).map { Int64($0) }))
    let named = try set([("latents_classes.npy", classes), ("latents_names.npy", names)])
    #expect(
      named.factors == [
        Factor(name: "ab", values: [0, 2, 4], classes: [0, 2, 4]),
        Factor(name: "cd", values: [1, 3, 5], classes: [1, 3, 5]),
      ])
    let wrong = try set([("latents_values.npy", npy("<f4", [2, 1], bytes([0, 1] as [Float])))])
    #expect(wrong.factors.isEmpty && wrong.notes.contains { $0.contains("factors") })
  }

  @Test("An array with a damaged header that may have been the images is told of, by its name and by what is wrong")
  func damagedHeaders() throws {
    let scratch = try Scratch()
    let damaged = Array("no header at all".utf8)
    let labels = npy("|u1", [3], [0, 2, 1])
    let problem = try #require(throws: DatasetError.self) {
      _ = try ImageSet.read(scratch.write("one.npz", Self.archive([("scans.npy", damaged)])))
    }.problem
    for (labels, notes) in [(labels, 1), (damaged, 2)] {
      let set = try ImageSet.read(
        scratch.write("a.npz", Self.archive([("scans.npy", damaged), ("others.npy", images), ("labels.npy", labels)])))
      #expect(set.count == 3 && set.labels == (notes == 1 ? [0, 2, 1] : nil) && set.notes.count == notes)
      #expect(
        set.notes[0].hasSuffix("the array scans \(problem): it is left out, and the images are those in others"),
        "\(set.notes)")
    }
    // Of what is called images nothing else can take the place.
    let named = try ImageSet.read(
      scratch.write("b.npz", Self.archive([("scans.npy", damaged), ("images.npy", images)])))
    #expect(named.notes.isEmpty)
    let error = try #require(throws: DatasetError.self) {
      _ = try ImageSet.read(
        scratch.write("c.npz", Self.archive([("scans.npy", damaged), ("labels.npy", labels)])))
    }
    #expect(error.problem.hasSuffix("there are scans, labels; the array scans \(problem)"), "\(error)")
  }

  @Test("Names of classes and factors that cannot be used are left out with a line that says why")
  func unusableNames() throws {
    let scratch = try Scratch()
    let labels = npy("|u1", [3], [0, 2, 1])
    let factors = npy("<f4", [3, 2], bytes([1, 2, 3, 4, 5, 6] as [Float]))
    for (array, content, says) in [
      ("label_names", npy("|S1", [2], Array("ab".utf8)), "they are 2, and the greatest label is 2"),
      ("label_names", npy("|u1", [3], [1, 2, 3]), "no texts"),
      ("class_names", npy("|O", [3], Array("pickle".utf8)), "no texts"),
      ("latents_names", npy("|S1", [3], Array("abc".utf8)), "they are 3 for 2 factors"),
      ("factor_names", npy("|O", [2], Array("pickle".utf8)), "no texts"),
    ] as [(String, [UInt8], String)] {
      let files = [("images", images), ("labels", labels), ("factors", factors), (array, content)]
      let archive = Self.archive(files.map { ("\($0).npy", $1) })
      let set = try ImageSet.read(scratch.write("a.npz", archive))
      #expect(set.labels == [0, 2, 1] && set.classNames == [])
      #expect(set.factors.map(\.name) == ["factor 1", "factor 2"])
      #expect(set.notes.count == 1, "\(array): \(set.notes)")
      #expect(set.notes.contains { $0.contains("the names in \(array) are left out") && $0.contains(says) })
    }
  }

  @Test("Classes that a file states beside the values of its factors are kept, subset, joined and written back")
  func factorClasses() throws {
    let scratch = try Scratch()
    func set(_ name: String, classes: [Int64], rows: Int = 3) throws -> ImageSet {
      let values: [Float] = [1, 0.5, 3, 0.25, 2, 0.5]
      let arrays = [
        ("imgs.npy", NPY.encode([0, 255, 200], shape: [3, 1, 1])),
        ("latents_values.npy", npy("<f4", [3, 2], bytes(values))),
        ("latents_classes.npy", npy("<i8", [rows, classes.count / rows], bytes(classes))),
      ]
      return try ImageSet.read(scratch.write(name, Self.archive(arrays)))
    }
    let own = try set("own.npz", classes: [0, 1, 2, 0, 1, 1])
    #expect(own.factors.map(\.values) == [[1, 3, 2], [0.5, 0.25, 0.5]] && own.notes.isEmpty)
    #expect(own.factors.map(\.classes) == [[0, 2, 1], [1, 0, 1]])
    let part = own.subset([2, 0])
    #expect(part.factors.map(\.classes) == [[1, 0], [1, 1]])
    #expect(try ImageSet.joined([own, part], name: "both").factors[0].classes == [0, 2, 1, 1, 0])
    #expect(try own.attribute("factor 1").values == [0, 2, 1])
    try part.export(to: "\(scratch.path)/part.npz")
    #expect(try ImageSet.read("\(scratch.path)/part.npz").factors == part.factors)

    // −1 throughout is how a continuous factor is written.
    let continuous = try set("continuous.npz", classes: [0, -1, 2, -1, 1, -1])
    #expect(continuous.factors.map(\.classes) == [[0, 2, 1], nil] && continuous.notes.isEmpty)
    #expect(try ImageSet.joined([own, continuous], name: "both").factors.map { $0.classes == nil } == [false, true])
    let negative = try set("negative.npz", classes: [0, -1, 2, 0, 1, 0])
    #expect(negative.factors.map(\.classes) == [[0, 2, 1], nil])
    #expect(negative.notes.contains { $0.contains("-1 is no class") })
    let short = try set("short.npz", classes: [0, 1, 2, 0], rows: 2)
    #expect(short.factors.map(\.values) == own.factors.map(\.values) && short.factors.allSatisfy { $0.classes == nil })
    #expect(short.notes.contains { $0.contains("their shape is [2, 2], not [3, 2]") })
  }

  @Test("Sets that call their classes otherwise are joined by the names")
  func joining() throws {
    func set(_ labels: [Int32], _ names: [String]) throws -> ImageSet {
      try ImageSet(name: "x", width: 1, height: 1, pixels: labels.map { _ in 0 }, labels: labels, classNames: names)
    }
    let scratch = try Scratch()
    let labelled = try scratch.write(
      "a.npz", Self.archive([("images.npy", images), ("labels.npy", NPY.encode([2, 0, 1], shape: [3]))]))
    let mixed = try ImageSet.read([labelled, scratch.write("b.npy", images)])
    #expect(mixed.labels == nil && mixed.notes.contains { $0.contains("b.npy: has no labels") }, "\(mixed.notes)")
    let joined = try ImageSet.joined([set([0, 1], ["b", "a"]), set([0, -1], ["c"])], name: "both")
    #expect(joined.labels == [1, 0, 2, -1] && joined.classNames == ["a", "b", "c"])
    #expect(try ImageSet.joined([set([3], []), set([9], [])], name: "both").labels == [3, 9])
  }
}
