import Foundation
import Glibc
import Synchronization

/// An HTTP server on the loopback interface whose manners depend on the first part of the path.
final class MisbehavingServer: Sendable {
  /// What the well-behaved answers contain, by file name.
  let files: [String: [UInt8]]
  let port: UInt16
  private let listening: Int32
  private let isOpen = Mutex(true)
  /// How many requests came for paths under each manner.
  private let counts = Mutex<[String: Int]>([:])

  init(files: [String: [UInt8]]) {
    self.files = files
    listening = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    port = withUnsafeMutablePointer(to: &address) { [listening] pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
        _ = bind(listening, generic, length)
        _ = listen(listening, 16)
        _ = getsockname(listening, generic, &length)
      }
      return UInt16(bigEndian: pointer.pointee.sin_port)
    }
    Thread.detachNewThread { [listening, self] in
      while true {
        let connection = accept(listening, nil, nil)
        if connection >= 0 {
          Thread.detachNewThread { self.serve(connection) }
        } else if !isOpen.withLock({ $0 }) {
          // Only here: a descriptor closed while others know its number may by then be somebody else's.
          Glibc.close(listening)
          return
        }
      }
    }
  }

  /// Refuses connections from now on; may be called again.
  func close() {
    isOpen.withLock { isOpen in
      if isOpen { shutdown(listening, Int32(SHUT_RDWR)) }
      isOpen = false
    }
  }

  /// An address whose files are served in this manner.
  func address(_ manner: String) -> String { "http://127.0.0.1:\(port)/\(manner)" }

  func requests(_ manner: String) -> Int { counts.withLock { $0[manner, default: 0] } }

  private func serve(_ connection: Int32) {
    defer { Glibc.close(connection) }
    var request: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while !request.suffix(4).elementsEqual([13, 10, 13, 10]) {
      let got = read(connection, &buffer, buffer.count)
      guard got > 0 else { return }
      request += buffer[..<got]
    }
    let path = String(decoding: request, as: UTF8.self).split(separator: " ").dropFirst().first ?? ""
    let parts = path.split(separator: "/").map(String.init)
    guard let manner = parts.first, let name = parts.last else { return }
    counts.withLock { $0[manner, default: 0] += 1 }
    let body = files[name] ?? []
    func answer(_ status: String, _ headers: [String], _ body: some Collection<UInt8>) {
      let head = (["HTTP/1.1 \(status)", "Connection: close"] + headers + ["", ""]).joined(separator: "\r\n")
      let bytes = Array(head.utf8) + body
      var sent = 0
      while sent < bytes.count {
        let count = bytes[sent...].withUnsafeBytes {
          send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
        }
        guard count > 0 else { return }
        sent += count
      }
    }
    switch manner {
    case "missing": answer("404 Not Found", ["Content-Length: 4"], "gone".utf8)
    case "broken": answer("500 Internal Server Error", ["Content-Length: 0"], [])
    case "loop": answer("302 Found", ["Location: \(path)", "Content-Length: 0"], [])
    case "moved": answer("302 Found", ["Location: /good/\(name)", "Content-Length: 0"], [])
    case "truncated": answer("200 OK", ["Content-Length: \(body.count)"], body.prefix(body.count / 2))
    case "cut": answer("200 OK", [], body.prefix(body.count / 2))
    case "empty": answer("200 OK", ["Content-Length: 0"], [])
    case "wrong":
      // The same images but for one pixel, properly packed.
      answer("200 OK", [], files["wrong-\(name)"] ?? [])
    case "huge": answer("200 OK", ["Content-Length: 99999999999"], body)
    case "endless": answer("200 OK", [], [UInt8](repeating: 0x1f, count: 80 << 20))
    case "encoded":
      // As servers do that take ".gz" for an encoding: the client unpacks, and the length is that of the packed.
      answer("200 OK", ["Content-Encoding: gzip", "Content-Length: \(body.count)"], body)
    case "dropped":
      answer(
        "200 OK", ["Transfer-Encoding: chunked"], Array("\(String(body.count, radix: 16))\r\n".utf8) + body.prefix(99))
    case "silent": return
    case "noise":
      _ = Array("SSH-2.0-nonsense\r\n\r\n".utf8).withUnsafeBytes { write(connection, $0.baseAddress, $0.count) }
    case "stalled":
      answer("200 OK", ["Content-Length: \(body.count)"], body.prefix(body.count / 2))
      // Until the client gives up.
      while read(connection, &buffer, buffer.count) > 0 {}
    default:
      if files[name] == nil {
        answer("404 Not Found", ["Content-Length: 0"], [])
      } else {
        answer("200 OK", ["Content-Length: \(body.count)"], body)
      }
    }
  }
}
