import Glibc
import Synchronization
import Testing

@testable import Datasets

@Suite("Downloads")
struct DownloadTests {
  let scratch: Scratch
  let server: MisbehavingServer
  let images: [UInt8]
  let labels: [UInt8]
  let set: PublishedSet

  init() throws {
    scratch = try Scratch()
    images = idx([40, 28, 28], (0..<40 * 784).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 7) })
    labels = idx([40], (0..<40).map { UInt8($0 % 10) })
    var other = images
    other[500] ^= 1
    let packed = deflated(images, gzip: true)
    let packedLabels = deflated(labels, gzip: true)
    server = MisbehavingServer(files: [
      "images.gz": packed, "labels.gz": packedLabels, "wrong-images.gz": deflated(other, gzip: true),
    ])
    // One file by SHA-256 of what it unpacks to, one by MD5 of the archive: the two ways digests are published.
    set = PublishedSet(
      name: "test", summary: "", mirrors: [],
      files: [
        PublishedFile(name: "images", shape: [40, 28, 28], archiveMD5: "", sha256: Digest.sha256(images)),
        PublishedFile(name: "labels", shape: [40], archiveMD5: Digest.md5(packedLabels), sha256: nil),
      ])
  }

  func get(_ source: String, isCancelled: @escaping () -> Bool = { false }) throws {
    defer { server.close() }
    _ = try Fetcher(progress: { _ in }, isCancelled: isCancelled).get(set, from: [source], into: folder)
  }

  var folder: String { "\(scratch.path)" }

  @Test("A good server's files are kept as they are, and are not fetched again")
  func good() throws {
    let seen = Mutex<[(Int, Int?)]>([])
    let fetcher = Fetcher(
      progress: { report in seen.withLock { $0.append((report.bytes, report.total)) } }, isCancelled: { false })
    for _ in 0..<2 { _ = try fetcher.get(set, from: [server.address("good")], into: folder) }
    server.close()
    #expect(scratch.contents == ["images.gz", "labels.gz"])
    #expect(try IDX.read("\(folder)/images.gz").elements == .bytes(Array(images[16...])))
    #expect(server.requests("good") == 2)
    let last = try #require(seen.withLock { $0.last })
    #expect(last.0 == last.1)
  }

  @Test("A redirect is followed, and the next mirror is asked where one fails")
  func redirectAndMirror() throws {
    defer { server.close() }
    _ = try Fetcher(progress: { _ in }, isCancelled: { false })
      .get(set, from: [server.address("missing"), server.address("moved")], into: folder)
    #expect(scratch.contents == ["images.gz", "labels.gz"])
  }

  @Test(
    "Every way a server can fail gives one error of its own kind and leaves no file",
    arguments: [
      ("missing", DatasetError.Kind.refusedByServer, "404"), ("broken", .refusedByServer, "500"),
      ("loop", .redirectLoop, "without end"), ("truncated", .truncated, "announced"),
      ("cut", .truncated, "too early"), ("dropped", .truncated, "broke off after 99 bytes"),
      ("wrong", .wrongDigest, "SHA-256"), ("huge", .tooLarge, "99999999999"),
      ("endless", .tooLarge, "more than"), ("silent", .network, "Empty reply"),
      ("noise", .network, "connection failed"),
      ("empty", .truncated, "no IDX header"),
    ])
  func failures(manner: String, kind: DatasetError.Kind, part: String) throws {
    let error = try #require(failure { try get(server.address(manner)) })
    #expect(error.kind == kind && error.problem.contains(part), "\(error)")
    #expect(!error.description.contains("\n") && error.place.contains("/\(manner)/images"))
    #expect(scratch.contents == [])
  }

  @Test(
    "A server that takes .gz for an encoding, so that the file arrives unpacked, is as good where that has a digest")
  func encoded() throws {
    let images = PublishedSet(name: "test", summary: "", mirrors: [], files: [set.files[0]])
    defer { server.close() }
    _ = try Fetcher(progress: { _ in }, isCancelled: { false })
      .get(images, from: [server.address("encoded")], into: folder)
    #expect(scratch.contents == ["images"])
  }

  @Test("A folder that cannot be written is found out before anything is asked for")
  func unwritable() throws {
    defer { server.close() }
    let file = try scratch.write("file", [1])
    let fetcher = Fetcher(progress: { _ in }, isCancelled: { false })
    let error = failure { _ = try fetcher.get(set, from: [server.address("good")], into: "\(file)/test") }
    #expect(error?.kind == .unwritable && error?.place == "\(file)/test" && server.requests("good") == 0)
    // Nor is a folder made for what then does not come.
    #expect(failure { _ = try fetcher.get(set, from: [server.address("missing")], into: "\(folder)/new/test") } != nil)
    #expect(scratch.contents == ["file"])
  }

  @Test("A wrong file gives way to the right one, also where that comes in the other form and would be read second")
  func shadowed() throws {
    defer { server.close() }
    _ = try scratch.write("images", [1, 2, 3])
    _ = try scratch.write("labels", labels)
    _ = try Fetcher(progress: { _ in }, isCancelled: { false }).get(set, from: [server.address("good")], into: folder)
    #expect(scratch.contents == ["images.gz", "labels.gz"])
  }

  @Test(
    "What is neither a folder nor an address is refused as such",
    arguments: ["", "ftp://example.org/x", "http://", "https:///x", "http://bad host/x", "https://example.org/x?y=1"])
  func noPlace(source: String) throws {
    let error = try #require(failure { try get(source) })
    #expect(error.kind == .unknown && error.problem.contains("neither a folder nor"), "\(error)")
    #expect(try FileSource("HTTP://example.org/x/") == .server("HTTP://example.org/x"))
    #expect(try FileSource("file:///x/") == .folder("/x"))
  }

  @Test("A connection that is refused and a name that does not exist are told as such")
  func noServer() throws {
    server.close()
    let refused = try #require(failure { try get("http://127.0.0.1:\(server.port)/good") })
    #expect(refused.kind == .network && refused.problem.contains("refused"), "\(refused)")
    let unknown = try #require(failure { try get("http://no-such-host.invalid") })
    #expect(unknown.kind == .network && unknown.remedy?.contains("--from") == true, "\(unknown)")
    #expect(scratch.contents == [])
  }

  @Test("Stopping in the middle of a file ends at once and leaves nothing")
  func cancelled() throws {
    let begun = ContinuousClock.now
    let error = failure {
      try get(server.address("stalled")) {
        server.requests("stalled") > 0 && ContinuousClock.now - begun > .seconds(0.3)
      }
    }
    #expect(error?.kind == .cancelled)
    #expect(scratch.contents == [])
  }

  @Test("Files come from a folder too, packed or not where the digest of the unpacked is known")
  func fromFolder() throws {
    defer { server.close() }
    let source = try Scratch()
    _ = try source.write("images", images)
    _ = try source.write("labels", labels)
    let unpacked = try #require(failure { try get(source.path) })
    #expect(unpacked.kind == .wrongDigest && unpacked.place.hasSuffix("labels"))
    _ = try source.write("labels.gz", deflated(labels, gzip: true))
    try get("file://\(source.path)/")
    #expect(scratch.contents == ["images", "labels.gz"])
    #expect(failure { try get("\(source.path)/nowhere") } == nil, "what is there already need not be fetched")
  }

  @Test("A changed archive is told apart by its MD5")
  func wrongMD5() throws {
    defer { server.close() }
    let source = try Scratch()
    _ = try source.write("images", images)
    _ = try source.write("labels.gz", deflated(idx([40], [UInt8](repeating: 3, count: 40)), gzip: true))
    #expect(failure { try get(source.path) }?.problem.contains("MD5") == true)
    #expect(failure { try get("ftp://example.org/x") }?.kind == .unknown)
  }
}
