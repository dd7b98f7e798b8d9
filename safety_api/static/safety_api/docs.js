"use strict";
// Kept out of the page so that a strict content security policy needs no exception.
SwaggerUIBundle({
  url: "/api/v1/schema",
  dom_id: "#documents",
  deepLinking: true,
  docExpansion: "none",
  filter: true,
  validatorUrl: null, // no page calls a foreign host
  persistAuthorization: false,
});
