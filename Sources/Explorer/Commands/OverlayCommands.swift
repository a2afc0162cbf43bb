extension KeyTable {
  /// Commands of what lies over the panes.
  static let overlays: [Command] = [
    Command("close table", keys: ["escape", "?", "q", "F1"], in: [.help], "close it", hint: "close", action: .cancel),
    Command("table down", keys: ["down", "enter"], in: [.help], "scroll", hint: "scroll", action: .scroll(.lines(1))),
    Command("table up", keys: ["up"], in: [.help], "scroll", action: .scroll(.lines(-1))),
    Command(
      "table page down", keys: ["page-down", "space"], in: [.help], "a page down", hint: "page",
      action: .scroll(.pages(1))),
    Command("table page up", keys: ["page-up"], in: [.help], "a page up", action: .scroll(.pages(-1))),
    Command("table top", keys: ["home"], in: [.help], "to the top", action: .scroll(.top)),
    Command("table end", keys: ["end"], in: [.help], "to the end", action: .scroll(.bottom)),
    Command("run command", keys: ["enter"], in: [.palette], "run the selected command", hint: "run", action: .accept),
    Command(
      "complete", keys: ["tab"], in: [.palette], "complete what is typed; again, what fits it next", hint: "complete",
      action: .complete),
    Command(
      "next match", keys: ["down"], in: [.palette], "select the next command", hint: "choose", action: .choose(1)),
    Command("previous match", keys: ["up"], in: [.palette], "select the command before", action: .choose(-1)),
    Command(
      "close palette", keys: ["escape"], in: [.palette], "close without running anything", hint: "close",
      action: .cancel),
    Command(
      "take value", keys: ["enter"], in: [.value], "set the slider to what was typed", hint: "set", action: .accept),
    Command("leave value", keys: ["escape"], in: [.value], "leave it as it was", hint: "leave", action: .cancel),
    Command(
      "end answer", keys: ["enter"], in: [.question], "end the number or name of a class", action: .accept),
    Command(
      "no answer", keys: ["escape"], in: [.question], "leave everything as it was", hint: "leave", action: .cancel),
    Command("start run", keys: ["enter"], in: [.form], "start training", hint: "start", action: .accept),
    Command("next field", keys: ["down", "tab"], in: [.form], "next line", hint: "line", action: .choose(1)),
    Command("previous field", keys: ["up", "shift-tab"], in: [.form], "previous line", action: .choose(-1)),
    Command(
      "next choice", keys: ["right"], in: [.form], "next data set; a larger number", hint: "change",
      action: .slide(1, .normal)),
    Command(
      "previous choice", keys: ["left"], in: [.form], "previous data set; a smaller number",
      action: .slide(-1, .normal)),
    Command("close form", keys: ["escape"], in: [.form], "close without training", hint: "close", action: .cancel),
    Command(
      "save and quit", keys: ["s", "enter"], in: [.quitting], "stop the run, save it and quit", hint: "save & quit",
      action: .confirmQuit(saving: true)),
    Command(
      "quit unsaved", keys: ["d"], in: [.quitting], "quit; the last checkpoint stays as it is",
      hint: "quit without saving", action: .confirmQuit(saving: false)),
    Command("stay", keys: ["escape", "c"], in: [.quitting], "go on", hint: "cancel", action: .cancel),
    Command(
      "confirm", keys: ["y", "enter"], in: [.confirmation], "yes, do it", hint: "yes", action: .accept),
    Command("deny", keys: ["n", "escape"], in: [.confirmation], "no, leave it as it is", hint: "no", action: .cancel),
    Command(
      "search table", keys: ["/"], in: [.help], "show only lines with the words you type", hint: "search",
      action: .searchHelp),
    Command(
      "end search", keys: ["enter"], in: [.search], "keep these lines, and scroll in them", hint: "keep",
      action: .accept),
    Command("leave search", keys: ["escape"], in: [.search], "show all lines again", hint: "all", action: .cancel),
  ]
}
