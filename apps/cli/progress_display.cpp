#include "progress_display.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "topograph/core/options.hpp"

namespace topograph::cli {
namespace {

std::string duration_text(double seconds) {
  if (seconds < 60) return fmt::format("{:.0f} s", seconds);
  const auto whole = static_cast<long>(seconds);
  if (whole < 3600) return fmt::format("{}:{:02} min", whole / 60, whole % 60);
  return fmt::format("{}:{:02} h", whole / 3600, whole / 60 % 60);
}

double share_of(const ProgressEvent& event) {
  return event.total > 0 ? static_cast<double>(event.done) / static_cast<double>(event.total) : 0.0;
}

void print_message(LogLevel level, std::string_view message) {
  fmt::print(stderr, "{}{}\n", level == LogLevel::warning ? "warning: " : "", message);
}

class BarDisplay : public ProgressSink {
 public:
  void on_progress(const ProgressEvent& event) override {
    std::string line;
    if (event.kind == ProgressEvent::Kind::end) {
      line = fmt::format("{:<12} done in {:.1f} s", event.stage, event.elapsed_s);
    } else {
      constexpr int width = 30;
      const int filled = static_cast<int>(share_of(event) * width);
      std::string bar;
      for (int i = 0; i < width; ++i) bar += i < filled ? "█" : "·";
      line = fmt::format("{:<12} {} {:>3.0f} %", event.stage, bar, 100 * share_of(event));
      if (event.total == 0) line = fmt::format("{:<12} working", event.stage);
      if (event.remaining_s) line += "  " + duration_text(*event.remaining_s) + " left";
      line += fmt::format("   all {:.0f} %", 100 * event.overall);
    }
    fmt::print(stderr, "\r\x1b[2K{}{}", line, event.kind == ProgressEvent::Kind::end ? "\n" : "");
    std::fflush(stderr);
  }
  void on_log(LogLevel level, std::string_view message) override {
    fmt::print(stderr, "\r\x1b[2K");
    print_message(level, message);
  }
};

class PlainDisplay : public ProgressSink {
 public:
  void on_progress(const ProgressEvent& event) override {
    if (event.kind == ProgressEvent::Kind::begin) {
      next_s_ = 10;
    } else if (event.kind == ProgressEvent::Kind::end) {
      fmt::print(stderr, "{}: done in {:.1f} s\n", event.stage, event.elapsed_s);
    } else if (event.elapsed_s >= next_s_) {
      next_s_ = event.elapsed_s + 10;
      std::string line = fmt::format("{}: {:.0f} %", event.stage, 100 * share_of(event));
      if (event.remaining_s) line += ", " + duration_text(*event.remaining_s) + " left";
      fmt::print(stderr, "{}\n", line);
    }
  }
  void on_log(LogLevel level, std::string_view message) override { print_message(level, message); }

 private:
  double next_s_ = 10;
};

class JsonDisplay : public ProgressSink {
 public:
  void on_progress(const ProgressEvent& event) override {
    constexpr const char* kinds[] = {"begin", "update", "end"};
    std::string line = fmt::format(
        R"({{"event": "{}", "stage": {}, "done": {}, "total": {}, "elapsed_s": {:.3f}, "overall": {:.4f})",
        kinds[static_cast<std::size_t>(event.kind)], detail::json_quote(event.stage), event.done,
        event.total, event.elapsed_s, event.overall);
    if (event.remaining_s) line += fmt::format(R"(, "remaining_s": {:.1f})", *event.remaining_s);
    fmt::print(stderr, "{}}}\n", line);
  }
  void on_log(LogLevel level, std::string_view message) override {
    fmt::print(stderr, "{{\"event\": \"{}\", \"message\": {}}}\n",
               level == LogLevel::warning ? "warning" : "info", detail::json_quote(message));
  }
};

class WarningsOnly : public ProgressSink {
 public:
  void on_progress(const ProgressEvent&) override {}
  void on_log(LogLevel level, std::string_view message) override {
    if (level == LogLevel::warning) print_message(level, message);
  }
};

}  // namespace

std::unique_ptr<ProgressSink> make_progress_display(const std::string& mode) {
  if (mode == "json") return std::make_unique<JsonDisplay>();
  if (mode == "none") return std::make_unique<WarningsOnly>();
  if (mode == "plain" || ::isatty(STDERR_FILENO) == 0) return std::make_unique<PlainDisplay>();
  return std::make_unique<BarDisplay>();
}

}  // namespace topograph::cli
