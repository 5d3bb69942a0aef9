package dev.wherry.daemon.api.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class MetricFamiliesTest {

    @Test
    void familyHasItsCommentsOnceAndItsSamplesTogether() {
        String own = """
                # HELP calls_total Calls.
                # TYPE calls_total counter
                calls_total{method="a"} 1.0
                # HELP images Images.
                # TYPE images gauge
                images 2.0
                """;
        String other = """
                # HELP images Images.
                # TYPE images gauge
                images{namespace="red"} 3.0
                # HELP only_red Red.
                # TYPE only_red gauge
                only_red{namespace="red"} 4.0
                """;

        assertThat(MetricFamilies.merged(List.of(own, other))).isEqualTo("""
                # HELP calls_total Calls.
                # TYPE calls_total counter
                calls_total{method="a"} 1.0
                # HELP images Images.
                # TYPE images gauge
                images 2.0
                images{namespace="red"} 3.0
                # HELP only_red Red.
                # TYPE only_red gauge
                only_red{namespace="red"} 4.0
                """);
        assertThat(MetricFamilies.merged(List.of(own))).isEqualTo(own);
    }
}
