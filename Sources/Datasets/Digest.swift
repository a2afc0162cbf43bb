import CDigest

/// Message digests in lower-case hexadecimal, by libmd.
public enum Digest {
  /// SHA-256 (FIPS 180-4) of `bytes`, 64 hexadecimal digits.
  public static func sha256(_ bytes: some Collection<UInt8>) -> String {
    var digest = SHA256Digest()
    if bytes.withContiguousStorageIfAvailable({ digest.update(UnsafeRawBufferPointer($0)) }) == nil {
      Array(bytes).withUnsafeBytes { digest.update($0) }
    }
    return digest.finish()
  }

  /// MD5 (RFC 1321) of `bytes`, 32 hexadecimal digits. Only to recognise archives published with nothing better.
  public static func md5(_ bytes: [UInt8]) -> String {
    var context = MD5_CTX()
    MD5Init(&context)
    bytes.withUnsafeBytes { buffer in
      if let base = buffer.baseAddress { MD5Update(&context, base, buffer.count) }
    }
    var sum = [UInt8](repeating: 0, count: 16)
    MD5Final(&sum, &context)
    return hexadecimal(sum)
  }

  static func hexadecimal(_ bytes: [UInt8]) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }
}

/// SHA-256 in pieces.
struct SHA256Digest {
  private var context = SHA2_CTX()

  init() { SHA256Init(&context) }

  mutating func update(_ bytes: UnsafeRawBufferPointer) {
    if let base = bytes.baseAddress {
      SHA256Update(&context, base.assumingMemoryBound(to: UInt8.self), bytes.count)
    }
  }

  mutating func finish() -> String {
    var sum = [UInt8](repeating: 0, count: 32)
    SHA256Final(&sum, &context)
    return Digest.hexadecimal(sum)
  }
}
