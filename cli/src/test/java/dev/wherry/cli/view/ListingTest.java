package dev.wherry.cli.view;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ListingTest {
    private final Listing listing = new Listing(
            Map.of("Repository", "REPOSITORY", "Tag", "TAG", "Size", "SIZE"), List.of("Repository", "Tag", "Size"));
    private final List<Map<String, Object>> rows = List.of(
            Map.of("Repository", "registry.example.com/app", "Tag", "1", "Size", "4.26MB"),
            Map.of("Repository", "node", "Tag", "latest", "Size", "0B"));

    @Test
    void columnsAreAsWideAsTheirWidestCellAndThreeMore() {
        assertThat(listing.show(rows, null)).isEqualTo("""
                        REPOSITORY                 TAG       SIZE
                        registry.example.com/app   1         4.26MB
                        node                       latest    0B
                        """);
    }

    @Test
    void anEmptyTableStillHasItsHeader() {
        assertThat(listing.show(List.of(), null)).isEqualTo("REPOSITORY   TAG       SIZE\n");
    }

    @Test
    void tableTemplateChoosesColumns() {
        assertThat(listing.show(rows, "table {{.Tag}}\\t{{.Size}}"))
                .isEqualTo("TAG       SIZE\n1         4.26MB\nlatest    0B\n");
    }

    @Test
    void templateIsAppliedToEachRowWithoutHeader() {
        assertThat(listing.show(rows, "{{.Repository}}:{{.Tag}}"))
                .isEqualTo("registry.example.com/app:1\nnode:latest\n");
    }

    @Test
    void jsonIsAnObjectALine() {
        assertThat(listing.show(List.of(Map.of("Tag", "1")), "json")).isEqualTo("{\"Tag\":\"1\"}\n");
    }
}
