package dev.wherry.cli.command.builder.flags;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wherry.cli.error.Failure;
import dev.wherry.v1.ActionsCache;
import dev.wherry.v1.CacheTarget;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ActionsFlagsTest {

    private static final Map<String, String> JOB = Map.of(
            "ACTIONS_RESULTS_URL", "https://results.example/",
            "ACTIONS_CACHE_URL", "https://old.example/",
            "ACTIONS_RUNTIME_TOKEN", "t");

    private final List<String> warnings = new ArrayList<>();

    private ActionsCache from(String text, Map<String, String> environment) {
        return CacheFrom.parse(text, environment, warnings::add)
                .getFirst()
                .message()
                .getActions();
    }

    @Test
    void jobSaysWhereTheCacheIs() {
        ActionsCache source = from("type=gha,scope=main", JOB);
        assertThat(source.getUrl()).isEqualTo("https://results.example/");
        assertThat(source.getToken()).isEqualTo("t");
        assertThat(source.getScope()).isEqualTo("main");
        CacheTarget target = CacheTo.parse("type=gha,mode=max,version=2", JOB, warnings::add)
                .orElseThrow()
                .message();
        assertThat(target.getType()).isEqualTo(CacheTarget.Type.TYPE_ACTIONS);
        assertThat(target.getMax()).isTrue();
        assertThat(target.getActions())
                .isEqualTo(source.toBuilder().clearScope().build());
        assertThat(warnings).isEmpty();
    }

    @Test
    void attributesGoBeforeTheEnvironment() {
        ActionsCache source = from("type=gha,url=https://one.example/,token=own", JOB);
        assertThat(source.getUrl()).isEqualTo("https://one.example/");
        assertThat(source.getToken()).isEqualTo("own");
        assertThat(from("type=gha,url=https://one.example/,url_v2=https://two.example/", JOB)
                        .getUrl())
                .isEqualTo("https://two.example/");
    }

    @Test
    void cacheIsLeftOutOutsideOfAJob() {
        assertThat(CacheFrom.parse("type=gha", Map.of("ACTIONS_RUNTIME_TOKEN", "t"), warnings::add))
                .isEmpty();
        assertThat(CacheTo.parse("type=gha", Map.of("ACTIONS_RESULTS_URL", "https://x/"), warnings::add))
                .isEmpty();
        assertThat(warnings)
                .hasSize(2)
                .allMatch(warning -> warning.contains("type=gha is left out: there is no ACTIONS_RESULTS_URL"));
    }

    @Test
    void firstVersionIsGone() {
        assertThatThrownBy(() -> from("type=gha,version=1", JOB))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("shut down the first version");
        assertThatThrownBy(() -> from("type=gha,ref=x", JOB))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("\"ref\" is not one of url, url_v2, token, scope, version");
    }
}
