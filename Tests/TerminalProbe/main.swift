// A full-screen program that shows a picture, a slider and the last event: what the tests drive through a pseudo
// terminal to see how a `TerminalSession` behaves from outside. Keys: left and right move the slider; m turns the mouse
// on and off; e writes to standard error; T starts threads that compute; f, x and n crash; F, X, N and V crash on a thread
// of their own that blocks every signal it may, V by overflowing its stack; q quits.
import CLinux
import Canvas
import Glibc
import Terminal

struct Probe {
  var slider = 0
  var lastEvent = "none"
  var events = 0
  var ground = "unknown"

  func picture(_ x: Int, _ y: Int) -> Float {
    // A bright blob that walks a circle: like a decoded digit, a part of the picture changes with each step.
    let angle = Float(slider) * 0.1
    let (dx, dy) = (Float(x) - 14 - 6 * cosf(angle), Float(y) - 14 - 6 * sinf(angle))
    return expf(-(dx * dx + dy * dy) / 24)
  }

  func view(width: Int, height: Int, rendition: Rendition) -> Frame {
    var frame = Frame(width: width, height: height)
    guard width >= 40, height >= 20 else {
      frame.write("needs 40×20", column: 0, row: 0)
      return frame
    }
    for column in 0..<width {
      frame[column, 0] = Cell("─")
      frame[column, height - 1] = Cell("─")
    }
    for row in 0..<height {
      frame[0, row] = Cell(row == 0 ? "┌" : row == height - 1 ? "└" : "│")
      frame[width - 1, row] = Cell(row == 0 ? "┐" : row == height - 1 ? "┘" : "│")
    }
    frame.write(" probe \(width)x\(height) \(rendition.colors.rawValue) ", column: 2, row: 0)
    for row in 0..<14 {
      for column in 0..<28 {
        let (upper, lower) = (picture(column, 2 * row), picture(column, 2 * row + 1))
        frame[2 + column, 1 + row] =
          rendition.colors == .palette256
          ? Cell("▀", foreground: .palette(232 + UInt8(upper * 23)), background: .palette(232 + UInt8(lower * 23)))
          : Cell(
            upper + lower > 1 ? "█" : upper + lower > 0.5 ? "▒" : " ",
            foreground: Color.palette(12).limited(to: rendition.colors))
      }
    }
    frame.write("slider \(slider)", column: 2, row: 16)
    frame.write("event \(events): \(lastEvent) é漢", column: 2, row: 17, maximumWidth: width - 4)
    frame.write("ground \(ground)", column: 2, row: 18)
    frame.cursor = Frame.Position(column: 9, row: 16)
    return frame
  }
}

func warn(_ text: String) { text.withCString { _ = write(STDERR_FILENO, $0, strlen($0)) } }

func crash(_ values: [Int]) -> Int { values[values.count] }

/// Keeps something of every step, so that no optimiser makes a loop of it.
func overflow(_ depth: Int) -> Int {
  withUnsafeTemporaryAllocation(of: Int.self, capacity: 64) { kept in
    kept[depth & 63] = depth
    return (depth == .max ? 0 : overflow(depth + 1)) &+ kept[Int(rand() & 63)]
  }
}

/// Runs something on a thread that is made as the training's is.
func onThread(_ body: @escaping @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer?) {
  var thread = pthread_t()
  var before = zscope_block_signals()
  pthread_create(&thread, nil, body, nil)
  pthread_sigmask(SIG_SETMASK, &before, nil)
}

func run() -> Int32 {
  var options = TerminalOptions()
  var arguments = CommandLine.arguments.dropFirst()
  while let argument = arguments.popFirst() {
    if argument == "--color", let level = arguments.popFirst() { options.colors = ColorLevel(rawValue: level) }
  }
  let session: TerminalSession
  do {
    session = try TerminalSession.start(options)
  } catch {
    warn("terminal-probe: \(error)\n")
    return error.exitStatus
  }
  var probe = Probe()
  var mouse = false
  while true {
    if session.wantsFrame {
      session.present(
        probe.view(width: session.size.width, height: session.size.height, rendition: session.rendition))
    }
    let event = session.nextEvent()
    probe.events += 1
    if case .groundFound(let ground) = event { probe.ground = ground.rawValue }
    probe.lastEvent =
      if case .mouse(let mouse) = event { "\(mouse.action) at \(mouse.column),\(mouse.row)" } else { "\(event)" }
    guard case .key(let key) = event else {
      if case .terminated(let signal) = event {
        warn("terminal-probe: ended by signal \(signal)\n")
        TerminalSession.end(bySignal: signal)
      }
      continue
    }
    switch key.description {
    case "left": probe.slider -= 1
    case "right": probe.slider += 1
    case "m":
      mouse.toggle()
      session.setMouse(mouse)
    case "e": warn("a warning from elsewhere\n")
    case "T":
      for _ in 0..<2 {
        var thread = pthread_t()
        pthread_create(&thread, nil, { _ in while true { _ = rand() } }, nil)
      }
    case "f": fatalError("the probe was asked to crash")
    case "x": probe.slider = crash([])
    case "n": abort()
    case "F":
      onThread { _ in
        zscope_name_thread("beside")
        fatalError("the probe's thread was asked to crash")
      }
    case "X":
      onThread { _ in
        zscope_name_thread("beside")
        return UnsafeMutableRawPointer(bitPattern: crash([]))
      }
    case "N":
      onThread { _ in
        zscope_name_thread("beside")
        abort()
      }
    case "V":
      onThread { _ in
        zscope_name_thread("beside")
        zscope_use_alternate_stack()
        return UnsafeMutableRawPointer(bitPattern: overflow(1))
      }
    case "z": session.suspend()
    case "q":
      session.restore()
      return 0
    default: break
    }
  }
}

exit(run())
