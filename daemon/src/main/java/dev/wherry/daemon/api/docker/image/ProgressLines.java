package dev.wherry.daemon.api.docker.image;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wherry.daemon.api.docker.http.DockerSentences;
import dev.wherry.daemon.api.docker.http.Exchange;
import dev.wherry.daemon.api.docker.http.ResponseBody;
import dev.wherry.daemon.error.CancelledException;
import dev.wherry.daemon.error.WherryException;

/**
 * Progress in lines of JSON. The answer begins with the first line: what fails before that is an answer with a status of
 * its own, and what fails later is the last line.
 */
public final class ProgressLines {

    private final Exchange call;
    private ResponseBody out;

    public ProgressLines(Exchange call) {
        this.call = call;
    }

    /** Work that tells of its progress. */
    @FunctionalInterface
    public interface Work {
        void run() throws Exception;
    }

    public static ObjectNode line() {
        return JsonNodeFactory.instance.objectNode();
    }

    public void status(String status) {
        send(line().put("status", status));
    }

    /** One step of something that has an ID, and how far it is where it is known. */
    public void step(String id, String status, long current, long total) {
        ObjectNode line = line().put("status", status);
        ObjectNode detail = line.putObject("progressDetail");
        if (total > 0) {
            detail.put("current", current).put("total", total);
            line.put("progress", ProgressBar.of(current, total));
        }
        send(line.put("id", id));
    }

    /** Begins the answer: all failures are lines from now on. */
    public synchronized void begin() {
        if (out == null) {
            out = call.stream(200, Exchange.JSON);
        }
    }

    public synchronized void send(ObjectNode line) {
        begin();
        out.line(line + "\r");
    }

    private synchronized boolean hasBegun() {
        return out != null;
    }

    /** Does the work; a failure after the first line is told as the last one. */
    public void of(Work work) throws Exception {
        try {
            work.run();
        } catch (CancelledException cancelled) {
            throw cancelled;
        } catch (WherryException failure) {
            if (!hasBegun()) {
                throw failure;
            }
            fail(failure.getMessage(), 0);
        }
    }

    /** @param code of a program that failed; 0 for none */
    public void fail(String message, int code) {
        String sentence = DockerSentences.of(message);
        ObjectNode line = line();
        ObjectNode detail = line.putObject("errorDetail");
        if (code != 0) {
            detail.put("code", code);
        }
        detail.put("message", sentence);
        send(line.put("error", sentence));
    }
}
