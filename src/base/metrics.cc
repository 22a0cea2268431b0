#include "base/metrics.h"

#include <algorithm>
#include <charconv>

namespace qn {

struct Metrics::Family {
  std::string help;
  std::string type;
  // Keyed by the rendered labels; deque-like stability through std::map nodes.
  std::map<std::string, Counter> counters;
  std::map<std::string, Gauge> gauges;
  std::map<std::string, Histogram> histograms;
};

namespace {

std::string escape(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\' || c == '"') out += '\\';
    if (c == '\n') {
      out += "\\n";
    } else {
      out += c;
    }
  }
  return out;
}

std::string render_labels(const Labels& labels) {
  std::string out;
  for (const auto& [name, value] : labels) {
    if (!out.empty()) out += ',';
    out += name + "=\"" + escape(value) + '"';
  }
  return out;
}

std::string number(double v) {
  char buffer[32];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, v).ptr;
  return std::string(buffer, end);
}

void line(std::string& out, std::string_view name, std::string_view suffix,
          const std::string& labels, const std::string& value) {
  out.append(name).append(suffix);
  if (!labels.empty()) out += '{' + labels + '}';
  out += ' ' + value + '\n';
}

void render_histogram(std::string& out, std::string_view name, const std::string& labels,
                      const Histogram& h) {
  const std::string prefix = labels.empty() ? "" : labels + ',';
  std::uint64_t total = 0;
  for (std::size_t i = 0; i < h.bounds().size(); ++i) {
    total += h.bucket(i);
    line(out, name, "_bucket", prefix + "le=\"" + number(h.bounds()[i]) + '"',
         std::to_string(total));
  }
  total += h.bucket(h.bounds().size());
  line(out, name, "_bucket", prefix + "le=\"+Inf\"", std::to_string(total));
  line(out, name, "_sum", labels, number(h.sum()));
  line(out, name, "_count", labels, std::to_string(total));
}

}  // namespace

Histogram::Histogram(std::vector<double> bounds)
    : bounds_(std::move(bounds)), counts_(bounds_.size() + 1) {}

void Histogram::observe(double v) {
  const auto at = std::lower_bound(bounds_.begin(), bounds_.end(), v) - bounds_.begin();
  counts_[static_cast<std::size_t>(at)].fetch_add(1, std::memory_order_relaxed);
  sum_.fetch_add(v, std::memory_order_relaxed);
}

std::vector<double> latency_buckets() {
  return {0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025,
          0.05,   0.1,     0.25,   0.5,   1,      2.5,   5,    10};
}

std::vector<double> size_buckets() {
  return {1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024};
}

Metrics::Metrics() = default;
Metrics::~Metrics() = default;

Metrics::Family& Metrics::family(std::string_view name, std::string_view help,
                                 std::string_view type) {
  auto it = families_.find(name);
  if (it == families_.end()) {
    it = families_.try_emplace(std::string(name)).first;
    it->second.help = help;
    it->second.type = type;
  }
  return it->second;
}

Counter& Metrics::counter(std::string_view name, std::string_view help, const Labels& labels) {
  std::lock_guard lock(mu_);
  return family(name, help, "counter").counters[render_labels(labels)];
}

Gauge& Metrics::gauge(std::string_view name, std::string_view help, const Labels& labels) {
  std::lock_guard lock(mu_);
  return family(name, help, "gauge").gauges[render_labels(labels)];
}

Histogram& Metrics::histogram(std::string_view name, std::string_view help,
                              std::vector<double> bounds, const Labels& labels) {
  std::lock_guard lock(mu_);
  return family(name, help, "histogram")
      .histograms.try_emplace(render_labels(labels), std::move(bounds))
      .first->second;
}

std::string Metrics::render() const {
  std::lock_guard lock(mu_);
  std::string out;
  for (const auto& [name, family] : families_) {
    out += "# HELP " + name + ' ' + family.help + '\n';
    out += "# TYPE " + name + ' ' + family.type + '\n';
    for (const auto& [labels, c] : family.counters)
      line(out, name, "", labels, std::to_string(c.value()));
    for (const auto& [labels, g] : family.gauges) line(out, name, "", labels, number(g.value()));
    for (const auto& [labels, h] : family.histograms) render_histogram(out, name, labels, h);
  }
  return out;
}

}  // namespace qn
