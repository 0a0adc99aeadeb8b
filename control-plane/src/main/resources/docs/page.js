// Shows the contract that this control plane checks requests against. No validator badge: it would ask another host.
SwaggerUIBundle({
  url: "/v1/openapi.yaml",
  dom_id: "#contract",
  deepLinking: true,
  validatorUrl: null,
  defaultModelsExpandDepth: 0,
});
