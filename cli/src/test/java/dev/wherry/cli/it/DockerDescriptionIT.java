package dev.wherry.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Answers of a daemon with something in it, held against the published description of Docker's API. */
class DockerDescriptionIT {

    private static final ObjectMapper JSON = new ObjectMapper();

    @RegisterExtension
    static final Daemon daemon = new Daemon();

    private final DockerDescription description = new DockerDescription();
    private final List<String> problems = new ArrayList<>();

    DockerDescriptionIT() throws IOException {}

    private JsonNode check(String route, String path, String... body) throws IOException {
        JsonNode answer =
                DockerSocket.call(daemon, route.split(" ")[0], path, body).json();
        problems.addAll(description.problems(route, answer));
        return answer;
    }

    @Test
    void answersAreAsDescribed() throws Exception {
        Busybox.importInto(daemon);
        check("POST /networks/create", "/networks/create", "{'Name':'net','Labels':{'a':'b'},'Options':{'x':'y'}}");
        check("POST /volumes/create", "/volumes/create", "{'Name':'vol','Labels':{'a':'b'}}");
        String created = check(
                        "POST /containers/create",
                        "/containers/create?name=full",
                        "{'Image':'busybox','Cmd':['sleep','1000'],'Labels':{'a':'b'},'ExposedPorts':{'80/tcp':{}},"
                                + "'Healthcheck':{'Test':['CMD','true'],'Interval':1000000000},"
                                + "'HostConfig':{'Binds':['vol:/v'],'Tmpfs':{'/t':''},'NetworkMode':'net',"
                                + "'PortBindings':{'80/tcp':[{'HostPort':'0'}]},'Memory':33554432,"
                                + "'RestartPolicy':{'Name':'always'},'ExtraHosts':['a:1.2.3.4'],"
                                + "'Ulimits':[{'Name':'nofile','Soft':100,'Hard':200}]}}")
                .get("Id")
                .textValue();
        check("POST /containers/create", "/containers/create?name=bare", "{'Image':'busybox','Cmd':['true']}");
        DockerSocket.call(daemon, "POST", "/containers/full/start").is(204);

        check("GET /containers/json", "/containers/json?all=1&size=1");
        check("GET /containers/{id}/json", "/containers/full/json?size=1");
        check("GET /containers/{id}/json", "/containers/bare/json");
        check("GET /containers/{id}/top", "/containers/full/top");
        check("GET /containers/{id}/changes", "/containers/full/changes");
        check("GET /containers/{id}/stats", "/containers/full/stats?stream=0&one-shot=1");
        String exec = check(
                        "POST /containers/{id}/exec",
                        "/containers/full/exec",
                        "{'Cmd':['true'],'AttachStdout':true,'Env':['A=b']}")
                .get("Id")
                .textValue();
        try (DockerSocket socket = DockerSocket.to(daemon)) {
            socket.upgrade("/exec/" + exec + "/start", "{}");
            socket.input().readAllBytes();
        }
        check("GET /exec/{id}/json", "/exec/" + exec + "/json");
        check("POST /containers/{id}/update", "/containers/full/update", "{'Memory':67108864}");
        check("POST /commit", "/commit?container=full&repo=committed&pause=0", "{}");

        check("GET /images/json", "/images/json?manifests=1&shared-size=1");
        check("GET /images/{name}/json", "/images/committed/json");
        check("GET /images/{name}/history", "/images/committed/history");
        check("DELETE /images/{name}", "/images/committed");
        check("GET /networks", "/networks");
        check("GET /networks/{id}", "/networks/net");
        check("GET /volumes", "/volumes");
        check("GET /volumes/{name}", "/volumes/vol");
        check("GET /info", "/info");
        check("GET /version", "/version");
        check("GET /system/df", "/system/df");
        String events = DockerSocket.call(
                        daemon, "GET", "/events?since=1&until=" + (System.currentTimeMillis() / 1000 + 1))
                .text();
        for (String event : events.lines().toList()) {
            problems.addAll(description.problems("GET /events", JSON.readTree(event)));
        }
        assertThat(events).contains(created);

        DockerSocket.call(daemon, "POST", "/containers/full/kill").is(204);
        DockerSocket.call(daemon, "DELETE", "/containers/full?force=1").is(204);
        check("POST /containers/prune", "/containers/prune");
        check("POST /networks/prune", "/networks/prune");
        check("POST /volumes/prune", "/volumes/prune?filters=%7b%22all%22:[%22true%22]%7d");
        check("POST /images/prune", "/images/prune?filters=%7b%22dangling%22:[%22false%22]%7d");
        check("POST /build/prune", "/build/prune");
        assertThat(problems).isEmpty();
    }
}
