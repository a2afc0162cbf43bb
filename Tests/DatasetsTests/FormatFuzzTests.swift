import Glibc
import Testing

@testable import Datasets

/// Mutations of real files: flipped bits, extreme bytes, cuts, repetitions and splices.
struct Mutator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {  // splitmix64
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(max(bound, 1))) }

  mutating func mutate(_ original: [UInt8]) -> [UInt8] {
    var bytes = original
    for _ in 0...below(4) where !bytes.isEmpty {
      // Half of all changes hit the first bytes, where the headers are.
      let position = below(below(2) == 0 ? min(bytes.count, 64) : bytes.count)
      switch below(7) {
      case 0: bytes[position] ^= 1 << UInt8(below(8))
      case 1: bytes[position] = [0, 1, 0x7f, 0x80, 0xff][below(5)]
      case 2: for index in position..<min(position + 4, bytes.count) { bytes[index] = 0xff }
      case 3: bytes.removeSubrange(position...)
      case 4: bytes.insert(contentsOf: bytes[position..<min(position + below(40), bytes.count)], at: position)
      case 5: bytes.removeSubrange(position..<min(position + below(20), bytes.count))
      default: bytes[position] = UInt8(below(256))
      }
    }
    return bytes
  }
}

/// Files of every format that are whole, by the format's name.
func wholeFiles() throws -> [(format: String, bytes: [UInt8])] {
  let image = (0..<64).map { UInt8(truncatingIfNeeded: $0 &* 37) }
  var floats = idx([4, 4, 4], image.flatMap { bytes([Float($0).bitPattern.bigEndian]) })
  floats[2] = 0x0D
  return try [
    ("IDX", idx([4, 4, 4], image)), ("IDX, gzipped", deflated(idx([4, 4, 4], image), gzip: true)),
    ("IDX of floats", floats), ("NPY", NPY.encode(image, shape: [4, 4, 4])),
    (
      "NPY of Python 2",
      npy(header: "{u'descr': u'>f8', u'fortran_order': True, u'shape': (2L, 2L, 2L), }", .init(image))
    ),
    ("NPZ, deflated", base64(NPYTests.compressedArchive)), ("NPZ, stored", base64(NPYTests.storedArchive)),
    ("NPZ, streamed", base64(ZIPTests().streamed)), ("NPZ of 64 bits", base64(ZIPTests().wide)),
    ("PNG", base64(PNGTests.grey)),
    ("PNG, larger", PNGFile.encode(GreyPicture(width: 8, height: 8, bytes: image))),
    ("PNG, transparent", base64(PNGTests.transparent)), ("JPEG", base64(JPEGTests.grey)),
    ("JPEG, progressive", base64(JPEGTests.progressive)), ("JPEG, coloured", base64(JPEGTests.colour)),
    ("PNG of sixteen bits", base64(PNGTests.deep)),
    ("ZIP of pictures", LabelTests.archive([("a/1.png", base64(PNGTests.grey)), ("b/2.png", base64(PNGTests.deep))])),
  ]
}

/// Reads bytes as a command would, and with every decoder by itself; only typed errors may come out.
func decodeWithEverything(_ bytes: [UInt8]) throws -> Int {
  var reading = ImageReading()
  reading.fit = bytes.count % 2 == 0 ? .centre : .scale
  let decoders: [(([UInt8]) throws -> Void)] = [
    {
      let raw = try FileReading(reading: ImageReading(), expected: nil, part: .training).read($0, of: "-")
      let scale = try PixelScaling([raw], .automatic)
      let set = try raw.imageSet(black: scale.ends(of: raw).black, white: scale.ends(of: raw).white)
      // What lies in 64 pixels and claims to be a landscape is read, but not drawn anew.
      if set.count < 100, set.pixelCount < 10_000, let shape = ImageShape("8x8"), let fit = reading.fit {
        _ = try set.fitted(fit, to: shape)
      }
    },
    { _ = try IDX.decode($0, name: "fuzz") },
    { _ = try NPY.decode($0, name: "fuzz") },
    { _ = try NPY.texts($0, name: "fuzz") },
    {
      let archive = try NPZ($0, name: "fuzz")
      for name in archive.names { _ = try archive.array(name) }
    },
    { _ = try PNGFile.decode($0, name: "fuzz") },
    { _ = try JPEGFile.decode($0, name: "fuzz") },
  ]
  var successes = 0
  for decode in decoders {
    do {
      try decode(bytes)
      successes += 1
    } catch is DatasetError { continue }
  }
  return successes
}

@Suite("Mutated files")
struct FormatFuzzTests {
  /// How many mutations of each format are tried: `.ci/fuzz-formats` asks for 10,000, under AddressSanitizer.
  static let count = environmentVariable("ZSCOPE_FUZZ_COUNT").flatMap { Int($0) }

  @Test("Mutated files of each format end in images or in an error that says what is wrong")
  func eachFormat() throws {
    var mutator = Mutator(seed: 20_261_126)
    for (format, whole) in try wholeFiles() {
      // An archive of pictures has no decoder but the one that reads files as commands do.
      let least = format == "ZIP of pictures" ? 1 : 2
      #expect(try decodeWithEverything(whole) >= least, "\(format) is not read unharmed")
      var read = 0
      for _ in 0..<(Self.count ?? 300) where try decodeWithEverything(mutator.mutate(whole)) > 0 { read += 1 }
      if Self.count != nil { print("\(format): \(Self.count ?? 0) mutations, \(read) of them still read") }
    }
  }

  @Test(
    "100,000 mutated files of every format crash nothing, and 64 MB beyond the start hold whatever they ask for",
    // AddressSanitizer reserves terabytes of addresses at the start.
    .enabled(if: count == nil))
  func mutatedFiles() async {
    await #expect(processExitsWith: .success) {
      // In a process of its own whose memory is fenced in: an allocation sized by a lie in a header ends it.
      let files = try wholeFiles().map(\.bytes)
      for file in files { #expect(try decodeWithEverything(file) >= 1) }
      let statistics = String(decoding: try readFile("/proc/self/statm", limit: 1 << 16), as: UTF8.self)
      let pages = try #require(statistics.split(separator: " ").first.flatMap { UInt($0) })
      let resource = __rlimit_resource_t(RLIMIT_AS.rawValue)
      var unfenced = rlimit()
      #expect(getrlimit(resource, &unfenced) == 0)
      var fence = unfenced
      fence.rlim_cur = pages * UInt(getpagesize()) + (64 << 20)
      #expect(setrlimit(resource, &fence) == 0)
      // OpenBLAS, loaded with the tests, starts a thread that asks for 128 MB until it gets them, and the exit waits for it.
      defer { setrlimit(resource, &unfenced) }
      var mutator = Mutator(seed: 20_261_121)
      for round in 0..<100_000 {
        _ = try decodeWithEverything(mutator.mutate(files[round % files.count]))
      }
    }
  }
}
