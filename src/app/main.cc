#include "app/cli.h"

int main(int argc, char** argv) {
  return qn::app::run_cli(argc, argv);
}
