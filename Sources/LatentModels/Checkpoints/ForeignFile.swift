/// Files of other kinds that people give for a checkpoint, told by their first bytes.
struct ForeignFile {
  /// What it is, with its article.
  let name: String
  /// What to do about it, beginning with a semicolon; empty where there is nothing to say.
  let remedy: String

  /// The kind of file that begins with these bytes; nil where it is none of the known ones.
  static func kind(of bytes: [UInt8]) -> ForeignFile? {
    func begins(_ magic: [UInt8]) -> Bool { bytes.starts(with: magic) }
    func begins(_ magic: String) -> Bool { bytes.starts(with: magic.utf8) }
    if begins("PK\u{3}\u{4}") || begins("PK\u{5}\u{6}") {
      // torch.save packs data.pkl, numpy.savez arrays.
      let head = bytes.prefix(1 << 12)
      if head.containsText("data.pkl") || head.containsText("archive/") || head.containsText(".storage/") {
        return ForeignFile(name: "a PyTorch file (a zip of pickles, as torch.save writes)", remedy: fromPyTorch)
      }
      if head.containsText(".npy") { return ForeignFile(name: "an NPZ file of arrays", remedy: asData) }
      return ForeignFile(name: "a zip archive", remedy: "; if torch.save wrote it\(fromPyTorch.dropFirst())")
    }
    // Protocol 2 to 5 of pickle: the opcode PROTO and its number.
    if bytes.count > 2, bytes[0] == 0x80, (2...5).contains(bytes[1]), !isSafetensors(bytes) {
      return ForeignFile(name: "a Python pickle, as older versions of torch.save write", remedy: fromPyTorch)
    }
    if begins([0x93] + "NUMPY".utf8) { return ForeignFile(name: "an NPY file of an array", remedy: asData) }
    if begins([0x89] + "HDF".utf8) { return ForeignFile(name: "an HDF5 file, as Keras writes", remedy: "") }
    if begins([0x89] + "PNG".utf8) { return ForeignFile(name: "a PNG picture", remedy: asData) }
    if begins([0x1F, 0x8B]) { return ForeignFile(name: "a gzipped file", remedy: "; unpack it with gunzip") }
    if begins("GGUF") { return ForeignFile(name: "a GGUF model", remedy: "") }
    if begins("{"), !isSafetensors(bytes) {
      return ForeignFile(name: "JSON text", remedy: "; a run goes by its folder")
    }
    return nil
  }

  /// Eight bytes of length and a brace: whatever the length's first bytes look like.
  private static func isSafetensors(_ bytes: [UInt8]) -> Bool {
    bytes.count > 8 && bytes[8] == UInt8(ascii: "{") && bytes[5..<8].allSatisfy { $0 == 0 }
  }

  private static let asData = "; as data it goes to --data or --images"
  private static let fromPyTorch =
    "; zscope reads models that zscope trained, as safetensors: keep weights by safetensors.torch.save_file, with the "
    + "metadata of a zscope checkpoint"
}

extension ArraySlice<UInt8> {
  fileprivate func containsText(_ text: String) -> Bool {
    let wanted = Array(text.utf8)
    guard count >= wanted.count else { return false }
    return (startIndex...endIndex - wanted.count).contains { self[$0..<$0 + wanted.count].elementsEqual(wanted) }
  }
}
