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

/// Files of every format that are whole.
func wholeFiles() throws -> [[UInt8]] {
  let image = (0..<64).map { UInt8(truncatingIfNeeded: $0 &* 37) }
  return try [
    idx([4, 4, 4], image), deflated(idx([4, 4, 4], image), gzip: true), NPY.encode(image, shape: [4, 4, 4]),
    base64(NPYTests.compressedArchive), base64(NPYTests.storedArchive), base64(PNGTests.grey),
    PNGFile.encode(GreyPicture(width: 8, height: 8, bytes: image)),
  ]
}

/// Reads bytes with every decoder; only typed errors may come out.
func decodeWithEverything(_ bytes: [UInt8]) throws -> Int {
  var successes = 0
  let decoders: [(([UInt8]) throws -> Void)] = [
    { _ = try IDX.decode($0, name: "fuzz") },
    { _ = try NPY.decode($0, name: "fuzz") },
    {
      let archive = try NPZ($0, name: "fuzz")
      for name in archive.names { _ = try archive.array(name) }
    },
    { _ = try PNGFile.decode($0, name: "fuzz") },
  ]
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
  @Test("100,000 mutated files of every format crash nothing, and 64 MB beyond the start hold whatever they ask for")
  func mutatedFiles() async {
    await #expect(processExitsWith: .success) {
      // In a process of its own whose memory is fenced in: an allocation sized by a lie in a header ends it.
      let files = try wholeFiles()
      for file in files { #expect(try decodeWithEverything(file) == 1) }
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
