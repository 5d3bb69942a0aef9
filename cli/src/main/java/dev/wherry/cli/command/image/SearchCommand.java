package dev.wherry.cli.command.image;

import dev.wherry.cli.command.Session;
import dev.wherry.cli.command.login.StoredLogins;
import dev.wherry.cli.error.ExitStatus;
import dev.wherry.cli.error.Failure;
import dev.wherry.cli.view.Listing;
import dev.wherry.cli.view.TerminalText;
import dev.wherry.v1.SearchRequest;
import dev.wherry.v1.SearchResult;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code wherry search}. */
@Command
public final class SearchCommand implements Callable<ExitStatus> {
    private static final int DESCRIPTION = 45;
    private static final Map<String, String> HEADERS = Map.of(
            "Name", "NAME",
            "Description", "DESCRIPTION",
            "StarCount", "STARS",
            "IsOfficial", "OFFICIAL");

    private final Session session;

    @Option(
            names = {"-f", "--filter"},
            paramLabel = "FILTER",
            description = "Filter output by 'stars=N' or 'is-official=BOOL'; repeatable")
    private List<String> filters = List.of();

    @Option(names = "--limit", paramLabel = "N", description = "Max number of search results")
    private int limit;

    @Option(names = "--no-trunc", description = "Don't truncate output")
    private boolean whole;

    @Option(names = "--format", paramLabel = "TEMPLATE", description = "Pretty-print search using a Go template")
    private String format;

    @Parameters(paramLabel = "TERM", index = "0")
    private String term;

    public SearchCommand(Session session) {
        this.session = session;
    }

    @Override
    public ExitStatus call() {
        SearchRequest request = SearchRequest.newBuilder()
                .setTerm(term)
                .setLimit(limit)
                .addAllLogins(new StoredLogins(session.console()).forReference(term))
                .build();
        filters.forEach(SearchCommand::check);
        List<Map<String, Object>> rows = session.daemon().registries().search(request).getResultsList().stream()
                .filter(this::passes)
                .map(this::row)
                .toList();
        Listing listing = new Listing(HEADERS, List.of("Name", "Description", "StarCount", "IsOfficial"));
        session.console().out().print(listing.show(rows, format));
        return ExitStatus.SUCCESS;
    }

    private static void check(String filter) {
        boolean known = filter.matches("stars=[0-9]{1,9}") || filter.matches("is-official=(true|false)");
        if (!known) {
            throw new Failure("invalid filter '" + filter + "': give stars=N or is-official=true|false");
        }
    }

    private boolean passes(SearchResult result) {
        return filters.stream().allMatch(filter -> {
            String value = filter.substring(filter.indexOf('=') + 1);
            return filter.startsWith("stars=")
                    ? result.getStars() >= Long.parseLong(value)
                    : result.getOfficial() == Boolean.parseBoolean(value);
        });
    }

    private Map<String, Object> row(SearchResult result) {
        String description = TerminalText.oneLine(result.getDescription());
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("Name", TerminalText.oneLine(result.getName()));
        row.put("Description", whole ? description : TerminalText.shortened(description, DESCRIPTION));
        row.put("StarCount", Long.toString(result.getStars()));
        row.put("IsOfficial", result.getOfficial() ? "[OK]" : "");
        return row;
    }
}
