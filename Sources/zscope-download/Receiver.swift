import Foundation
import FoundationNetworking

/// Passes the body of one response on to standard output, and ends the process with it.
///
/// `@unchecked`: the session calls its delegate on one serial queue.
final class Receiver: NSObject, URLSessionDataDelegate, @unchecked Sendable {
  private static let mostRedirects = 10
  private let limit: Int
  private var redirects = 0
  private var received = 0
  private var announced: Int?
  private var hasResponse = false

  init(limit: Int) { self.limit = limit }

  func urlSession(
    _ session: URLSession, task: URLSessionTask, willPerformHTTPRedirection response: HTTPURLResponse,
    newRequest request: URLRequest, completionHandler: @escaping (URLRequest?) -> Void
  ) {
    redirects += 1
    if redirects > Self.mostRedirects {
      // An address that grows with every turn would fill the screen.
      let target = request.url?.absoluteString.prefix(120) ?? "nowhere"
      fail("redirectLoop", "the server redirects without end (to \(target))")
    }
    guard let scheme = request.url?.scheme?.lowercased(), scheme == "http" || scheme == "https" else {
      fail("refusedByServer", "the server redirects to \(request.url?.absoluteString ?? "nowhere")")
    }
    completionHandler(request)
  }

  func urlSession(
    _ session: URLSession, dataTask: URLSessionDataTask, didReceive response: URLResponse,
    completionHandler: @escaping (URLSession.ResponseDisposition) -> Void
  ) {
    guard let response = response as? HTTPURLResponse, response.statusCode == 200 else {
      let status = (response as? HTTPURLResponse)?.statusCode ?? 0
      let meaning = HTTPURLResponse.localizedString(forStatusCode: status)
      fail("refusedByServer", "the server answered \(status) (\(meaning))")
    }
    // The session undoes an encoding of the transfer; the length announced is then not that of what arrives here.
    let isEncoded =
      response.value(forHTTPHeaderField: "Content-Encoding").map { $0.lowercased() != "identity" } ?? false
    announced = response.expectedContentLength >= 0 && !isEncoded ? Int(response.expectedContentLength) : nil
    if let announced, announced > limit {
      fail("tooLarge", "the server announces \(announced) bytes; no file of this data set has more than \(limit)")
    }
    hasResponse = true
    write(Data("ok \(announced.map(String.init) ?? "-")\n".utf8))
    completionHandler(.allow)
  }

  func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
    received += data.count
    if received > limit { fail("tooLarge", "the server sends more than \(limit) bytes") }
    write(data)
  }

  func urlSession(_ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?) {
    if let announced, received < announced {
      fail("truncated", "the server sent \(received) of the \(announced) bytes it announced")
    }
    guard let error else {
      guard hasResponse else { fail("network", "the server sent no answer") }
      exit(0)
    }
    if hasResponse {
      fail("truncated", "the connection broke off after \(received) bytes (\(error.localizedDescription))")
    }
    switch (error as? URLError)?.code {
    case .badURL: fail("unknown", "this is no address of a file")
    case .cannotFindHost, .dnsLookupFailed: fail("network", "the name of the server cannot be found")
    case .cannotConnectToHost: fail("network", "the server cannot be reached (connection refused)")
    case .notConnectedToInternet: fail("network", "there is no network")
    case .timedOut: fail("network", "the server does not answer")
    case .httpTooManyRedirects: fail("redirectLoop", "the server redirects without end")
    default: fail("network", "the connection failed (\(error.localizedDescription))")
    }
  }

  private func write(_ data: Data) {
    do { try FileHandle.standardOutput.write(contentsOf: data) } catch {
      // The program that asked is gone.
      exit(1)
    }
  }

  private func fail(_ kind: String, _ reason: String) -> Never {
    FileHandle.standardError.write(Data("\(kind)\t\(reason)".utf8))
    exit(1)
  }
}
