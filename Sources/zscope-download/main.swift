// zscope-download URL LIMIT: writes `ok TOTAL` (or `ok -`), a newline and the body to standard output; on failure a
// kind of `DatasetError`, a tab and the reason to standard error. Started by Datasets' `Download`, which says why.
import Foundation
import FoundationNetworking

let arguments = CommandLine.arguments
guard arguments.count == 3, let limit = Int(arguments[2]) else {
  FileHandle.standardError.write(Data("unknown\tusage: zscope-download URL LIMIT".utf8))
  exit(2)
}
guard let address = URL(string: arguments[1]) else {
  FileHandle.standardError.write(Data("unknown\tthis is no address of a file".utf8))
  exit(1)
}
signal(SIGPIPE, SIG_IGN)

let configuration = URLSessionConfiguration.ephemeral
// Half a minute without a byte is a dead connection; a slow one may take as long as it needs.
configuration.timeoutIntervalForRequest = 30
configuration.httpAdditionalHeaders = ["User-Agent": "zscope"]
let session = URLSession(configuration: configuration, delegate: Receiver(limit: limit), delegateQueue: nil)
session.dataTask(with: address).resume()
dispatchMain()
