/// Kinds of files that people give for images and that are not read, told by their first bytes.
enum OtherKinds {
  /// What to say of a file that begins with `bytes` and is of no kind that is read.
  ///
  /// - Parameter wanted: what is said where nothing tells what it is.
  static func refusal(
    of bytes: [UInt8], name: String,
    wanted: String = "neither IDX (plain or gzipped) nor NPY, NPZ, PNG, JPEG or a ZIP of pictures"
  ) -> DatasetError {
    if let other = kind(of: bytes) {
      return DatasetError(.unsupported, name, "is \(other.name)", remedy: other.remedy)
    }
    return DatasetError(
      .unsupported, name, bytes.isEmpty ? "is empty" : "is \(wanted)",
      remedy: "save the images with numpy.save, as uint8, or float32 in 0…1")
  }

  /// What a file is, with its article, and what to do about it; nil where its kind is not known.
  static func kind(of bytes: [UInt8]) -> (name: String, remedy: String)? {
    func begins(_ text: String, at place: Int = 0) -> Bool { bytes.dropFirst(place).starts(with: text.utf8) }
    let convert = "save it as PNG, for example: magick IN -colorspace gray OUT.png"
    let array = "save the images with numpy.save, as uint8, or float32 in 0…1"
    if begins("GIF8") { return ("a GIF picture", convert) }
    if begins("II*\0") || begins("MM\0*") { return ("a TIFF picture", convert) }
    if begins("RIFF"), begins("WEBP", at: 8) { return ("a WebP picture", convert) }
    if begins("BM"), bytes.count > 14, bytes[6..<10].allSatisfy({ $0 == 0 }) { return ("a BMP picture", convert) }
    if bytes.count > 2, bytes[0] == 0x80, 2...5 ~= bytes[1] {
      return ("a Python pickle (as pickle.dump and older versions of torch.save write), which is never run", array)
    }
    if bytes.first == 0x89, begins("HDF", at: 1) { return ("an HDF5 file", array) }
    if begins("MATLAB ") { return ("a MATLAB file", "load it with scipy.io.loadmat, and " + array) }
    if begins("PAR1") { return ("a Parquet file", array) }
    let text = String(decoding: bytes.prefix(400), as: UTF8.self).drop { $0.isWhitespace || $0 == "\u{FEFF}" }
    if text.first == "<" {
      return ("an SVG picture, a page of HTML or other markup", "save the picture as PNG")
    }
    if text.first == "{", text.contains("\"version\""), text.contains("\"width\"") {
      return ("a recording of a terminal", "save a view as PNG: zscope explore --keys q --view FILE.png")
    }
    if text.first == "[" || text.first == "{" { return ("text, perhaps JSON", "read it with json.load, and " + array) }
    let head = bytes.prefix(200)
    if !head.isEmpty, head.contains(UInt8(ascii: ",")), head.allSatisfy({ 9...13 ~= $0 || 32...126 ~= $0 }) {
      return ("text, perhaps CSV", "read it with numpy.loadtxt(FILE, delimiter=',', skiprows=1), and " + array)
    }
    return nil
  }
}
