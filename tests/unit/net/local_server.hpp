#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace topograph::test {

/// A server on 127.0.0.1 for one test: each connection gets one answer, the bytes that `answer`
/// makes of the request's bytes, and is closed.
class LocalServer {
 public:
  using Answer = std::function<std::string(const std::string& request)>;

  explicit LocalServer(Answer answer) : answer_(std::move(answer)) {
    listener_ = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ::bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof address);
    ::listen(listener_, 16);
    socklen_t size = sizeof address;
    ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { serve(); });
  }
  LocalServer(const LocalServer&) = delete;
  LocalServer& operator=(const LocalServer&) = delete;
  ~LocalServer() {
    is_closing_ = true;
    ::shutdown(listener_, SHUT_RDWR);
    ::close(listener_);
    thread_.join();
    for (auto& connection : connections_) connection.join();
  }

  [[nodiscard]] std::string url(const std::string& path = "/") const {
    return "http://127.0.0.1:" + std::to_string(port_) + path;
  }
  [[nodiscard]] std::vector<std::string> requests() const {
    const std::lock_guard lock(mutex_);
    return requests_;
  }

 private:
  void serve() {
    while (!is_closing_) {
      const int connection = ::accept(listener_, nullptr, nullptr);
      if (connection < 0) return;
      connections_.emplace_back([this, connection] { answer(connection); });
    }
  }

  static std::string read_request(int connection) {
    std::string request;
    char buffer[4096];
    while (true) {
      const auto n = ::read(connection, buffer, sizeof buffer);
      if (n <= 0) return request;
      request.append(buffer, static_cast<std::size_t>(n));
      if (request[0] == 0x16) return request;  // A TLS greeting, which has no end of headers.
      const auto end = request.find("\r\n\r\n");
      if (end == std::string::npos) continue;
      const auto length = request.find("Content-Length: ");
      if (length == std::string::npos) return request;
      if (request.size() >= end + 4 + std::stoul(request.substr(length + 16))) return request;
    }
  }

  void answer(int connection) {
    const std::string request = read_request(connection);
    {
      const std::lock_guard lock(mutex_);
      requests_.push_back(request);
    }
    const std::string bytes = answer_(request);
    std::size_t sent = 0;
    while (sent < bytes.size()) {
      const auto n = ::send(connection, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
      if (n <= 0) break;
      sent += static_cast<std::size_t>(n);
    }
    ::close(connection);
  }

  Answer answer_;
  int listener_ = -1;
  int port_ = 0;
  std::atomic<bool> is_closing_ = false;
  std::thread thread_ = {};
  std::vector<std::thread> connections_ = {};
  mutable std::mutex mutex_ = {};
  std::vector<std::string> requests_ = {};
};

/// A complete answer.
inline std::string reply(const std::string& status, const std::string& headers,
                         const std::string& body) {
  return "HTTP/1.1 " + status + "\r\n" + headers +
         "Content-Length: " + std::to_string(body.size()) + "\r\nConnection: close\r\n\r\n" + body;
}

}  // namespace topograph::test
