package dev.wherry.daemon.api.docker.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wherry.daemon.error.InvalidInputException;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Which requests reach which route, with or without a version. */
class RoutesTest {

    private final Routes routes = new Routes()
            .add("GET", "/containers/json", "A/List", call -> {})
            .add("GET", "/containers/{id}/json", "A/Inspect", call -> {})
            .add("DELETE", "/containers/{id}", "A/Remove", call -> {})
            .add("GET", "/networks/", "C/List", call -> {})
            .add("GET", "/images/json", "B/List", call -> {})
            .add("GET", "/images/{name...}/json", "B/Inspect", call -> {})
            .add("DELETE", "/images/{name...}", "B/Remove", call -> {});

    private String found(String verb, String path) {
        return routes.find(verb, path)
                .map(match -> match.route().method() + match.variables())
                .orElse("none");
    }

    @Test
    void variablesStandForOnePartOrForSeveral() {
        assertThat(found("GET", "/containers/json")).isEqualTo("wherry.v1.A/List{}");
        assertThat(found("GET", "/containers/web/json")).isEqualTo("wherry.v1.A/Inspect{id=web}");
        assertThat(found("GET", "/images/json")).isEqualTo("wherry.v1.B/List{}");
        assertThat(found("GET", "/images/localhost:5000/a/b:1/json"))
                .isEqualTo("wherry.v1.B/Inspect{name=localhost:5000/a/b:1}");
        assertThat(found("DELETE", "/images/busybox")).isEqualTo("wherry.v1.B/Remove{name=busybox}");
        assertThat(found("GET", "/networks/")).isEqualTo("wherry.v1.C/List{}");
    }

    @Test
    void whatNoRouteMatchesIsNotFound() {
        assertThat(found("POST", "/containers/json")).isEqualTo("none");
        assertThat(found("GET", "/containers/json/")).isEqualTo("none");
        assertThat(found("GET", "/containers//json")).isEqualTo("none");
        assertThat(found("GET", "/containers/a/b/json")).isEqualTo("none");
        assertThat(found("GET", "/containers")).isEqualTo("none");
        assertThat(found("DELETE", "/images/")).isEqualTo("none");
        assertThat(found("GET", "/")).isEqualTo("none");
        assertThat(found("GET", "*")).isEqualTo("none");
        assertThat(found("GET", "")).isEqualTo("none");
    }

    @Test
    void versionsOfPathsAreThoseThatAreServed() {
        assertThat(ApiVersion.read("/v1.24/info")).isEqualTo(new ApiVersion.Versioned(new ApiVersion(1, 24), "/info"));
        assertThat(ApiVersion.read("/info")).isEqualTo(new ApiVersion.Versioned(ApiVersion.NEWEST, "/info"));
        assertThat(ApiVersion.read("/v1.51/v1.51/info").path()).isEqualTo("/v1.51/info");
        for (Map.Entry<String, String> refused : Map.of(
                        "/v1.23/info", "client version 1.23 is too old. Minimum supported API version is 1.24",
                        "/v1.99/info", "client version 1.99 is too new. Maximum supported API version is 1.51",
                        "/v2.1/info", "client version 2.1 is too new")
                .entrySet()) {
            assertThatThrownBy(() -> ApiVersion.read(refused.getKey()))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageStartingWith(refused.getValue());
        }
    }
}
