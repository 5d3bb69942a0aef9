package dev.wherry.cli.command.container.stats;

import dev.wherry.cli.client.CallFailures;
import dev.wherry.cli.command.Session;
import dev.wherry.cli.error.ExitStatus;
import dev.wherry.cli.view.LiveTable;
import dev.wherry.cli.view.ReceivedSignals;
import dev.wherry.v1.StatsRequest;
import dev.wherry.v1.StatsResponse;
import io.grpc.StatusException;
import io.grpc.stub.BlockingClientCall;
import java.util.function.Function;

/** Figures of containers that are shown anew with every response: over the last ones in a terminal, else below them. */
public final class StatsDisplay {

    private StatsDisplay() {}

    /**
     * Shows figures until they end, or nobody reads any more.
     *
     * @param text of one response
     */
    public static ExitStatus show(Session session, StatsRequest request, Function<StatsResponse, String> text) {
        boolean once = request.getOnce();
        BlockingClientCall<?, StatsResponse> call =
                session.daemon().containerStreams().stats(request);
        if (!once) {
            ReceivedSignals.onInterrupt(() -> call.cancel("interrupted", null));
        }
        boolean live = !once && session.console().outIsTerminal();
        try (LiveTable table = live ? new LiveTable(session.console().out()) : null) {
            for (StatsResponse response = call.read(); response != null; response = call.read()) {
                String shown = text.apply(response);
                if (table != null) {
                    table.draw(shown);
                } else {
                    session.console().out().print(shown);
                    session.console().out().flush();
                    if (session.console().out().checkError()) {
                        // Nobody reads any more, as after "| head".
                        return ExitStatus.SUCCESS;
                    }
                }
            }
            return ExitStatus.SUCCESS;
        } catch (StatusException | InterruptedException e) {
            throw CallFailures.of(e, session.address());
        } finally {
            call.cancel("ended", null);
        }
    }
}
