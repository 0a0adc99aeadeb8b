package dev.sluice.model.routing;

import static dev.sluice.model.routing.Declared.route;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.sluice.model.problem.Violation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RouteRulesTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'paths':['/mock']}",
                "{'paths':['/','/a/','/a%2Fb','/é','/a b','~/u/(?P<id>[0-9]+)$','~/(?i)x|/y','~/\\\\pL+'],'tags':['a b','é']}",
                "{'methods':['GET','PROPFIND']}",
                "{'hosts':['a.io','A.io:1','*.a.io','a.*','*.a.io:8080','a.*:65535','[::1]','[2001:db8::1]:80',"
                        + "'192.0.2.1:80','my_host','localhost']}",
                "{'headers':{'x-a':['1','2'],'X.B':['~*^(a|b)$']}}",
                "{'snis':['a.io','b.io.']}",
                "{'snis':['a.io'],'protocols':['https'],'https_redirect_status_code':308}",
                "{'protocols':['grpc','grpcs'],'paths':['/pkg.Service/'],'strip_path':false}",
            })
    void findNothingInRoutesThatCanBeServed(String fields) {
        assertThat(RouteRules.check(route("r", fields))).isEmpty();
    }

    @ParameterizedTest(name = "{0}: {1} {2}")
    @CsvSource(
            delimiter = '|',
            emptyValue = "",
            value = {
                "{} | '' | required",
                "{'paths':['/'],'protocols':[]} | protocols | required",
                "{'paths':['/'],'protocols':['http','grpc'],'strip_path':false} | protocols | invalid",
                "{'paths':['/'],'protocols':['grpc'],'strip_path':true} | strip_path | invalid",
                "{'paths':['/'],'methods':['GET'],'protocols':['grpc'],'strip_path':false} | methods | invalid",
                "{'methods':['GET','get']} | methods[1] | pattern",
                "{'methods':['']} | methods[0] | pattern",
                "{'hosts':['a.io','a b']} | hosts[1] | pattern",
                "{'hosts':['*']} | hosts[0] | pattern",
                "{'hosts':['*.*']} | hosts[0] | pattern",
                "{'hosts':['a.*.io']} | hosts[0] | pattern",
                "{'hosts':['*a.io']} | hosts[0] | pattern",
                "{'hosts':['a.io:']} | hosts[0] | pattern",
                "{'hosts':['a.io:0']} | hosts[0] | pattern",
                "{'hosts':['a.io:65536']} | hosts[0] | pattern",
                "{'hosts':['::1']} | hosts[0] | pattern",
                "{'hosts':['[::g]']} | hosts[0] | pattern",
                "{'hosts':['http://a.io']} | hosts[0] | pattern",
                "{'hosts':['300.1.1.1']} | hosts[0] | pattern",
                "{'hosts':['']} | hosts[0] | pattern",
                "{'paths':['/','mock']} | paths[1] | pattern",
                "{'paths':['']} | paths[0] | pattern",
                "{'paths':['~mock']} | paths[0] | pattern",
                "{'paths':['/a?b']} | paths[0] | pattern",
                "{'paths':['/a#b']} | paths[0] | pattern",
                "{'paths':['/a//b']} | paths[0] | not_normalised",
                "{'paths':['/a/../b']} | paths[0] | not_normalised",
                "{'paths':['/%41']} | paths[0] | not_normalised",
                "{'paths':['/100%']} | paths[0] | not_normalised",
                "{'paths':['/a%2fb']} | paths[0] | not_normalised",
                "{'paths':['~/(a']} | paths[0] | invalid",
                "{'headers':{'x-a':[]}} | headers.x-a | required",
                "{'headers':{'x a':['1']}} | headers.x a | pattern",
                "{'headers':{'HOST':['a.io']}} | headers.HOST | invalid",
                "{'headers':{'x-a':['~*(']}} | headers.x-a[0] | invalid",
                "{'headers':{'x-a':['1','~*b']}} | headers.x-a[1] | invalid",
                "{'snis':['*.a.io']} | snis[0] | pattern",
                "{'paths':['/'],'snis':['a.io'],'protocols':['http']} | snis | invalid",
                "{'paths':['/'],'https_redirect_status_code':303} | https_redirect_status_code | range",
                "{'paths':['/'],'tags':['a,b']} | tags[0] | pattern",
            })
    void nameTheFieldAndTheKindOfFault(String fields, String field, String code) {
        assertThat(RouteRules.check(route("r", fields)))
                .extracting(Violation::field, Violation::code)
                .containsExactly(tuple(field, code));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "~/a(?=b) | look-ahead",
                "~/a(?!b) | look-ahead",
                "~/(?<!a)b | look-behind",
                "~/(?<=a)b | look-behind",
                "~/(?>a)b | atomic",
                "~/(a)\\\\1 | back-references",
                "~/a{2000} | repeat",
            })
    void sayWhatTheLinearTimeEngineDoesNotSupport(String path, String said) {
        assertThat(RouteRules.check(route("r", "{'paths':['" + path + "']}")))
                .singleElement()
                .satisfies(fault -> assertThat(fault.message()).contains("RE2").contains(said));
    }

    @Test
    void aNameHasLettersDigitsAndFewSigns() {
        assertThat(RouteRules.check(route("Straße-1.2_~", "{'paths':['/']}"))).isEmpty();
        assertThat(RouteRules.check(route("注文", "{'paths':['/']}"))).isEmpty();
        for (String name : new String[] {"a/b", "a b", "a:b", "", "a,b"}) {
            assertThat(RouteRules.check(route(name, "{'paths':['/']}")))
                    .as(name)
                    .extracting(Violation::field)
                    .containsExactly("name");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(((a{1000}){1000}){1000})",
                "(((a{1,1000}){1,1000}){1000,})",
                "([a-z]{100}){100}",
                "(\\\\p{L}{100}){100}",
                "(\\\\Qa\\\\E{100}){100}",
                "([]a]{100}){100}",
                "([[:alpha:]]{100}){100}",
                "([\\\\]a]{100}){100}",
                "(?:(?:(?:(?:(?:a{30}){30}){30}){30}){30}){30}",
            })
    void repetitionsThatMultiplyAreRefusedBeforeTheyTakeMemory(String expression) {
        assertThat(RouteRules.check(route("r", "{'paths':['~/" + expression + "']}")))
                .singleElement()
                .satisfies(fault -> assertThat(fault.message()).contains("too large"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$",
                "([a-z0-9-]{1,63}/){1,5}",
                "(?P<year>[0-9]{4})/[0-9]{2}/[^/]{1,200}$",
            })
    void ordinaryRepetitionsAreNot(String expression) {
        assertThat(RouteRules.check(route("r", "{'paths':['~/" + expression + "']}")))
                .isEmpty();
    }

    @Test
    void longOrDeepExpressionsAreRefusedRatherThanBreakingTheCompiler() {
        String deep = "(".repeat(2000) + "a" + ")".repeat(2000);

        for (String expression : new String[] {deep, "a".repeat(5000), "(".repeat(4000)}) {
            assertThat(RouteRules.check(route("r", "{'paths':['~/" + expression + "']}")))
                    .extracting(Violation::code)
                    .containsExactly("invalid");
        }
    }
}
