#include "topograph/core/error.hpp"

#include <cstdio>
#include <cstdlib>

#include "topograph/core/expects.hpp"

namespace topograph {

std::string_view to_string(ErrorCode code) {
  switch (code) {
    case ErrorCode::invalid_argument: return "invalid_argument";
    case ErrorCode::not_found: return "not_found";
    case ErrorCode::io: return "io";
    case ErrorCode::parse: return "parse";
    case ErrorCode::unsupported: return "unsupported";
    case ErrorCode::schema: return "schema";
    case ErrorCode::cancelled: return "cancelled";
    case ErrorCode::internal: return "internal";
  }
  return "internal";
}

std::string to_string(const Error& error) {
  std::string text;
  if (!error.where.empty()) text += error.where + ": ";
  text += error.message.empty() ? std::string(to_string(error.code)) : error.message;
  if (!error.hint.empty()) text += " — " + error.hint;
  return text;
}

std::unexpected<Error> cancelled() {
  return std::unexpected(Error{.code = ErrorCode::cancelled, .message = "stopped on request"});
}

std::unexpected<Error> option_error(std::string where, std::string message, std::string hint) {
  return std::unexpected(Error{ErrorCode::invalid_argument, std::move(message), std::move(where),
                               std::move(hint), Subject::option});
}

std::unexpected<Error> input_error(ErrorCode code, std::string where, std::string message,
                                   std::string hint) {
  return std::unexpected(
      Error{code, std::move(message), std::move(where), std::move(hint), Subject::input});
}

std::unexpected<Error> model_error(ErrorCode code, std::string where, std::string message,
                                   std::string hint) {
  return std::unexpected(
      Error{code, std::move(message), std::move(where), std::move(hint), Subject::model});
}

std::unexpected<Error> output_error(std::string where, std::string message, std::string hint) {
  return std::unexpected(
      Error{ErrorCode::io, std::move(message), std::move(where), std::move(hint), Subject::output});
}

void detail::expectation_failed(const char* condition, std::source_location at) {
  std::fprintf(stderr, "topograph: internal expectation failed: %s\n  at %s:%u in %s\n", condition,
               at.file_name(), static_cast<unsigned>(at.line()), at.function_name());
  std::abort();
}

}  // namespace topograph
