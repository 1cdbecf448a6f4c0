// SPDX-License-Identifier: Apache-2.0
package io.holdfast.benchmarks;

import java.util.List;
import java.util.concurrent.Callable;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What single pieces cost, without Cassandra: the JMH benchmarks. */
@Command(
    name = "micro",
    description = "What single pieces cost, without Cassandra, by JMH.",
    mixinStandardHelpOptions = true)
final class MicroCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "REGEX",
      description = "What to measure, such as Serialization.payload (default: all).")
  private List<String> includes = List.of();

  @Option(
      names = "--forks",
      paramLabel = "N",
      defaultValue = "2",
      description = "JVMs for each, one after the other (default: ${DEFAULT-VALUE}).")
  private int forks;

  @Option(
      names = "--iterations",
      paramLabel = "N",
      defaultValue = "5",
      description =
          "Measurements of a second in each JVM, after as many of warm-up (default: ${DEFAULT-VALUE}).")
  private int iterations;

  @Option(
      names = "--profiler",
      paramLabel = "NAME",
      split = ",",
      description = "Profilers of JMH, such as gc.")
  private List<String> profilers = List.of();

  @Override
  public Integer call() throws Exception {
    ChainedOptionsBuilder options =
        new OptionsBuilder()
            .forks(forks)
            .warmupIterations(iterations)
            .warmupTime(TimeValue.seconds(1))
            .measurementIterations(iterations)
            .measurementTime(TimeValue.seconds(1))
            .resultFormat(ResultFormatType.JSON)
            .result(RunOptions.folder().resolve("micro.json").toString());
    includes.forEach(options::include);
    profilers.forEach(options::addProfiler);
    new Runner(options.build()).run();
    return 0;
  }
}
