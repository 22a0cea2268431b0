#include "base/metrics.h"

#include <gtest/gtest.h>

namespace qn {
namespace {

TEST(Metrics, RendersThePrometheusTextFormat) {
  Metrics metrics;
  metrics.counter("qn_requests_total", "Requests.", {{"route", "/a\"b\n"}}).add(3);
  metrics.gauge("qn_lag_seconds", "Lag.").set(0.5);
  auto& latency = metrics.histogram("qn_seconds", "Time.", {0.1, 1});
  latency.observe(0.05);
  latency.observe(0.1);
  latency.observe(5);
  EXPECT_EQ(metrics.render(),
            "# HELP qn_lag_seconds Lag.\n"
            "# TYPE qn_lag_seconds gauge\n"
            "qn_lag_seconds 0.5\n"
            "# HELP qn_requests_total Requests.\n"
            "# TYPE qn_requests_total counter\n"
            "qn_requests_total{route=\"/a\\\"b\\n\"} 3\n"
            "# HELP qn_seconds Time.\n"
            "# TYPE qn_seconds histogram\n"
            "qn_seconds_bucket{le=\"0.1\"} 2\n"
            "qn_seconds_bucket{le=\"1\"} 2\n"
            "qn_seconds_bucket{le=\"+Inf\"} 3\n"
            "qn_seconds_sum 5.15\n"
            "qn_seconds_count 3\n");
}

TEST(Metrics, TheSameNameAndLabelsAreTheSameMetric) {
  Metrics metrics;
  auto& first = metrics.counter("a_total", "A.", {{"x", "1"}});
  EXPECT_EQ(&first, &metrics.counter("a_total", "A.", {{"x", "1"}}));
  EXPECT_NE(&first, &metrics.counter("a_total", "A.", {{"x", "2"}}));
}

}  // namespace
}  // namespace qn
