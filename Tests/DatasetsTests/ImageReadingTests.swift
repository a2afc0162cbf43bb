import Tensors
import Testing

@testable import Datasets

@Suite("Images from files")
struct ImageReadingTests {
  @Test("Float images come back as they are, beside the nearest bytes, and bytes come back exactly")
  func quantisation() throws {
    let scratch = try Scratch()
    let floats = Tensor(shape: [2, 3, 5], elements: (0..<30).map { Float($0) / 29 })
    let path = try scratch.write("images.npy", NPY.encode(floats))
    let set = try ImageSet.read(path)
    #expect(set.width == 5 && set.height == 3)
    #expect(set.tensor().elements == floats.elements && set.holdsFloats)
    for (byte, written) in zip(set.bytes(at: 0) + set.bytes(at: 1), floats.elements) {
      #expect(abs(Float(byte) / 255 - written) <= 0.5001 / 255)
    }
    let bytes = (set.bytes(at: 0) + set.bytes(at: 1)).map { Float($0) / 255 }
    let again = try ImageSet.read(
      scratch.write("again.npy", NPY.encode(Tensor(shape: [2, 3, 5], elements: bytes))))
    #expect(again.digest == set.digest && !again.holdsFloats, "floats that bytes tell are kept as bytes")
  }

  @Test("Images of any height and width are read from IDX, and labels are found beside them, packed or not")
  func labelsBeside() throws {
    let scratch = try Scratch()
    let images = try scratch.write("train-images-idx3-ubyte.gz", deflated(idx([3, 7, 2], Array(0..<42)), gzip: true))
    _ = try scratch.write("train-labels-idx1-ubyte", idx([3], [4, 5, 6]))
    let set = try ImageSet.read(images)
    #expect(set.height == 7 && set.width == 2 && set.labels == [4, 5, 6])
    #expect(try ImageSet.read(scratch.path).labels == [4, 5, 6])
    #expect(failure { _ = try ImageSet.read(scratch.path, part: .test) }?.kind == .missing)
    #expect(try ImageSet.read(scratch.path).subset(0..<1).part == .training, "the folder has halves")
    #expect(set.part == nil, "a file has none")
  }

  @Test("Labels that do not match the images in number are an error")
  func wrongLabels() throws {
    let scratch = try Scratch()
    let images = try scratch.write("t10k-images-idx3-ubyte", idx([3, 2, 2], Array(0..<12)))
    _ = try scratch.write("t10k-labels-idx1-ubyte", idx([2], [4, 5]))
    let unlabelled = try ImageSet.read(images)
    #expect(unlabelled.count == 3 && unlabelled.labels == nil)
    #expect(unlabelled.notes.contains { $0.contains("are 2 for 3 images: they are left out") })
  }

  @Test("What is no number is refused, and so is what lies outside the scale that was asked for")
  func ranges() throws {
    let scratch = try Scratch()
    let nan = try scratch.write("nan.npy", NPY.encode(Tensor(shape: [1, 1, 1], elements: [.nan])))
    #expect(failure { _ = try ImageSet.read(nan) }?.kind == .mismatch)
    var reading = ImageReading()
    reading.scale = try #require(PixelScale("16"))
    let wide = try scratch.write("wide.npy", NPY.encode(Tensor(shape: [1, 1, 2], elements: [0, 17])))
    let error = failure { _ = try ImageSet.read(wide, reading: reading) }
    #expect(error?.description.contains("a pixel is 17 where the scale takes 0…16") == true)
    #expect(error?.remedy?.contains("--scale") == true)
  }

  @Test("Pictures of another size than asked for are an error that says how to resize")
  func sizes() throws {
    let scratch = try Scratch()
    let small = try scratch.write("small.png", PNGFile.encode(GreyPicture(width: 2, height: 2, bytes: [1, 2, 3, 4])))
    let large = try scratch.write("large.png", PNGFile.encode(GreyPicture(width: 3, height: 1, bytes: [5, 6, 7])))
    #expect(try ImageSet.read([small, small]).count == 2)
    #expect(failure { _ = try ImageSet.read([small, large]) }?.kind == .mismatch)
    #expect(failure { _ = try ImageSet.read(scratch.path) }?.kind == .mismatch)
    let error = failure { _ = try ImageSet.read(small).requiring(width: 28, height: 28) }
    #expect(error?.description.contains("2×2") == true && error?.description.contains("-resize 28x28!") == true)
    #expect(error?.remedy?.contains("--fit") == true)
  }

  @Test("A file of no known format, a missing file and an empty file are told apart")
  func unknown() throws {
    let scratch = try Scratch()
    let text = try scratch.write("notes.txt", Array("hello".utf8))
    #expect(failure { _ = try ImageSet.read(text) }?.kind == .unsupported)
    #expect(failure { _ = try ImageSet.read("\(scratch.path)/nothing") }?.kind == .missing)
    #expect(failure { _ = try ImageSet.read(scratch.write("empty", [])) }?.kind == .unsupported)
  }

  @Test("Files of other kinds are called by their names, with what to do")
  func otherKinds() throws {
    let scratch = try Scratch()
    let rest = [UInt8](repeating: 0, count: 20)
    for (head, kind, remedy) in [
      (Array("GIF89a".utf8), "GIF", "magick"), (Array("II*\0".utf8), "TIFF", "magick"),
      (Array("RIFF\0\0\0\0WEBP".utf8), "WebP", "magick"), (Array("BM\0\0\0\0".utf8), "BMP", "magick"),
      ([0x80, 2], "pickle", "numpy.save"), ([0x89] + Array("HDF".utf8), "HDF5", "numpy.save"),
      (Array("MATLAB 5.0".utf8), "MATLAB", "loadmat"), (Array("[[[0.0, 0.5],".utf8), "JSON", "json.load"),
      (Array(" {\"images\": [0, 1]".utf8), "JSON", "json.load"), (Array("<svg xmlns".utf8), "SVG", "as PNG"),
      (Array("\u{FEFF}<!doctype html>".utf8), "HTML", "as PNG"),
      (Array("{\"env\":{},\"version\":2,\"width\":80}".utf8), "a recording of a terminal", "as PNG"),
    ] as [([UInt8], String, String)] {
      let error = failure { _ = try ImageSet.read(scratch.write("a", head + rest)) }
      #expect(error?.kind == .unsupported && error?.problem.contains(kind) == true, "\(kind)")
      #expect(error?.remedy?.contains(remedy) == true, "\(kind)")
    }
    let table = failure { _ = try ImageSet.read(scratch.write("a.csv", Array("label,1x1\n5,0\n".utf8))) }
    #expect(table?.problem.contains("CSV") == true && table?.remedy?.contains("numpy.loadtxt") == true)
  }
}
