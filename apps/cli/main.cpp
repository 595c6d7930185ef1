#include <fmt/format.h>
#include <pthread.h>
#include <semaphore.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>
#include <exception>
#include <iostream>
#include <new>
#include <thread>

#include "session.hpp"
#include "topograph/core/version.hpp"

namespace {

using topograph::cli::Exit;
using topograph::cli::Session;

sem_t signals_seen;

/// First Ctrl-C asks the work to stop and clean up; a second one ends the program at once.
/// A thread does so, because almost nothing is safe inside a handler; it and the threads that
/// libraries started before main (OpenBLAS has some, whose signals nobody can block) are the only
/// ones where the handler runs.
void stop_on_signals(Session& session) {
  sem_init(&signals_seen, 0, 0);
  struct sigaction action = {};
  action.sa_handler = [](int) { sem_post(&signals_seen); };
  action.sa_flags = SA_RESTART;
  sigset_t signals;
  sigemptyset(&signals);
  for (const int signal : {SIGINT, SIGTERM}) {
    sigaddset(&signals, signal);
    sigaction(signal, &action, nullptr);
  }
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  // A full disk quota must become a write error that is reported, not a silent kill.
  std::signal(SIGXFSZ, SIG_IGN);
  std::thread([signals, stop = session.stop]() mutable {
    pthread_sigmask(SIG_UNBLOCK, &signals, nullptr);
    const auto wait = [] {
      while (sem_wait(&signals_seen) != 0) {  // interrupted by the handler itself
      }
    };
    wait();
    stop.request_stop();
    wait();
    ::_exit(static_cast<int>(Exit::interrupted));
  }).detach();
}

int report_failure(const topograph::Error& error) {
  if (error.code == topograph::ErrorCode::cancelled) {
    fmt::print(stderr, "topograph: interrupted; {}\n",
               error.hint.empty() ? "nothing was written" : error.hint);
  } else {
    fmt::print(stderr, "topograph: {}\n", topograph::to_string(error));
  }
  return static_cast<int>(topograph::cli::exit_code(error));
}

void add_commands(CLI::App& root, Session& session) {
  topograph::cli::add_fit(root, session);
  topograph::cli::add_transform(root, session);
  topograph::cli::add_embed(root, session);
  topograph::cli::add_project(root, session);
  topograph::cli::add_topics(root, session);
  topograph::cli::add_documents(root, session);
  topograph::cli::add_cluster(root, session);
  topograph::cli::add_tree(root, session);
  topograph::cli::add_find(root, session);
  topograph::cli::add_restructure(root, session);
  topograph::cli::add_partial_fit(root, session);
  topograph::cli::add_relabel(root, session);
  topograph::cli::add_hierarchy(root, session);
  topograph::cli::add_slices(root, session);
  topograph::cli::add_distribution(root, session);
  topograph::cli::add_match(root, session);
  topograph::cli::add_merge_models(root, session);
  topograph::cli::add_convert(root, session);
  topograph::cli::add_evaluate(root, session);
  topograph::cli::add_report(root, session);
  topograph::cli::add_plot(root, session);
  topograph::cli::add_model(root, session);
  topograph::cli::add_info(root, session);
}

}  // namespace

int main(int argc, char** argv) {
  Session session;
  CLI::App root(
      "topograph maps collections of text: groups documents by meaning and names the groups.",
      "topograph");
  root.set_version_flag("--version", "topograph " + std::string(topograph::version()));
  root.require_subcommand(1);
  root.get_formatter()->column_width(34);
  root.footer(
      "Results go to stdout, everything else to stderr.\n"
      "Exit codes: 0 ok · 2 usage or option · 3 input data · 4 model file · 5 output · "
      "70 internal · 130 interrupted");
  add_commands(root, session);
  try {
    root.parse(argc, argv);
  } catch (const CLI::ParseError& problem) {
    return root.exit(problem) == 0 ? static_cast<int>(Exit::ok) : static_cast<int>(Exit::usage);
  }
  stop_on_signals(session);
  try {
    const auto outcome = session.work();
    if (!outcome) return report_failure(outcome.error());
  } catch (const std::bad_alloc&) {
    return report_failure({topograph::ErrorCode::internal,
                           "out of memory",
                           {},
                           "use fewer documents or a machine with more memory"});
  } catch (const std::exception& problem) {
    // Nothing of ours throws; a library that does must not end in a core dump.
    return report_failure({topograph::ErrorCode::internal,
                           std::string("unexpected failure: ") + problem.what(),
                           {},
                           "please report this with the command that led to it"});
  }
  std::cout.flush();
  if (!std::cout) {
    return report_failure({topograph::ErrorCode::io,
                           "cannot write to standard output",
                           {},
                           {},
                           topograph::Subject::output});
  }
  return static_cast<int>(Exit::ok);
}
