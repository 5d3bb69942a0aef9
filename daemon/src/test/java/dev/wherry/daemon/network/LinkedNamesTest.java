package dev.wherry.daemon.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wherry.daemon.error.InvalidInputException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LinkedNamesTest {

    /** An endpoint of a container whose ID is one digit. */
    private static Endpoint endpoint(char id, String name, String alias, String... links) {
        return new Endpoint(
                "e" + id,
                "network",
                NamespaceOwner.container(String.valueOf(id).repeat(64), name),
                "eth0",
                "",
                Optional.empty(),
                Optional.empty(),
                alias.isEmpty() ? List.of() : List.of(alias),
                100,
                Stream.of(links).map(EndpointLink::parse).toList());
    }

    private static List<List<String>> aliases(Endpoint... endpoints) {
        return LinkedNames.of(List.of(endpoints)).stream()
                .map(Endpoint::aliases)
                .toList();
    }

    @Test
    void aliasOfALinkIsANameOfTheOneItLeadsTo() {
        assertThat(aliases(
                        endpoint('1', "db", "store"),
                        endpoint('2', "web", "", "db:data", "1".repeat(12) + ":byId", "later:x")))
                .containsExactly(List.of("store", "byId", "data"), List.of());
    }

    @Test
    void nameOfAnotherIsNotTaken() {
        assertThat(aliases(endpoint('1', "db", ""), endpoint('2', "web", "api", "db:web", "db:api", "db:db")))
                .containsExactly(List.of(), List.of("api"));
    }

    @Test
    void aliasThatLinksGiveToDifferentOnesIsNoName() {
        assertThat(aliases(
                        endpoint('1', "db1", ""),
                        endpoint('2', "db2", ""),
                        endpoint('3', "a", "", "db1:db", "db1:one"),
                        endpoint('4', "b", "", "db2:db")))
                .containsExactly(List.of("one"), List.of(), List.of(), List.of());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ":a", "db:", "a:b:c", "db:a b", "db:a,b", "db:a\nb", "db:-a"})
    void malformedLinkIsRefused(String text) {
        assertThatThrownBy(() -> EndpointLink.parse(text))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("bad format for links: " + text);
    }
}
