package dev.sluice.control.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.junit.jupiter.api.Test;

class PageTest {
    @Test
    void aRowThatIsLeftOutDoesNotEndTheList() {
        ObjectNode answer =
                new Page(2, null).answer(List.of("a", "b", "c"), row -> row, row -> row.equals("b") ? null : row);

        assertThat(answer.path("data")).hasSize(1);
        assertThat(Page.decode(answer.path("next").asText())).isEqualTo("b");
    }
}
