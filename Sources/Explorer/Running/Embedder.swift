import Analysis
import Tensors

/// Lays codes out by t-SNE beside the loop, and keeps what was finished for when the same model meets the same data again.
final class Embedder {
  private var session: TSNE.Session?
  /// Which session is still wanted: what earlier ones report is dropped.
  private(set) var number = 0
  /// Layouts that were finished, by the codes they are of.
  private var layouts: [(codes: Tensor, layout: Tensor)] = []
  private static let mostLayouts = 8
  /// Where they are kept for later starts; nil where a run leaves nothing behind.
  var shelf: LayoutShelf?

  /// The layout of codes that were laid out before.
  func layout(of codes: Tensor) -> Tensor? {
    layouts.first { $0.codes == codes }?.layout ?? shelf?.layout(of: codes)
  }

  func keep(_ layout: Tensor, of codes: Tensor) {
    layouts = Array(layouts.suffix(Self.mostLayouts - 1)) + [(codes, layout)]
    shelf?.keep(layout, of: codes)
  }

  /// Begins to lay codes out, in place of others; reports come no faster than they are worth drawing.
  func begin(_ cloud: CodeCloud, _ mailbox: Mailbox<Effects.Letter>) {
    cancel()
    let number = number
    var options = TSNE.Options()
    options.perplexity = min(options.perplexity, TSNE.largestPerplexity(points: cloud.count))
    session = TSNE.start(
      points: cloud.means, options: options, interval: 0.25,
      report: { report in
        guard let layout = report.layout else { return }
        mailbox.post(.layout(cloud, layout, fraction: report.fraction, session: number))
      },
      ended: { ending in
        switch ending {
        case .finished(let result):
          mailbox.post(.laidOut(of: cloud, result.layout, problem: nil, session: number))
        case .cancelled: mailbox.post(.laidOut(of: cloud, nil, problem: nil, session: number))
        case .failed(let problem): mailbox.post(.laidOut(of: cloud, nil, problem: problem, session: number))
        }
      })
  }

  func cancel() {
    session?.cancel()
    number += 1
  }
}
